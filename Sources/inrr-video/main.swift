print("inrr-video")
