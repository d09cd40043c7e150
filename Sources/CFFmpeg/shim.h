// The FFmpeg libraries as Swift sees them: the public headers, the macros that Swift cannot import,
// and everything that differs between FFmpeg 5.1 and the current release.
#ifndef INRR_FFMPEG_SHIM_H
#define INRR_FFMPEG_SHIM_H
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/cpu.h>
#include <libavutil/display.h>
#include <libavutil/dovi_meta.h>
#include <libavutil/imgutils.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/mathematics.h>
#include <libavutil/murmur3.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/sha.h>
#include <libavutil/spherical.h>
#include <libavutil/stereo3d.h>
#include <libswscale/swscale.h>

// MARK: Macros

static inline int inrr_error_eof(void) { return AVERROR_EOF; }
static inline int inrr_error_again(void) { return AVERROR(EAGAIN); }
static inline int inrr_error_invalid_data(void) { return AVERROR_INVALIDDATA; }
static inline int inrr_error_from_errno(int code) { return AVERROR(code); }
static inline int inrr_errno_of(int error) { return AVUNERROR(error); }
static inline uintptr_t inrr_thread(void) { return (uintptr_t)pthread_self(); }

// MARK: Fixed-size arrays, which Swift imports as tuples

static inline uint8_t *inrr_plane(const AVFrame *frame, int plane) { return frame->data[plane]; }
static inline ptrdiff_t inrr_stride(const AVFrame *frame, int plane) { return frame->linesize[plane]; }
static inline AVComponentDescriptor inrr_component(const AVPixFmtDescriptor *format, int index) {
  return format->comp[index];
}

// MARK: Logging

/// The `opaque` field of the codec or format context that a log message comes from, or null.
static inline void *inrr_log_owner(void *source) {
  if (!source) return NULL;
  const AVClass *type = *(const AVClass **)source;
  if (!type || !type->class_name) return NULL;
  if (!strcmp(type->class_name, "AVCodecContext")) return ((AVCodecContext *)source)->opaque;
  if (!strcmp(type->class_name, "AVFormatContext")) return ((AVFormatContext *)source)->opaque;
  return NULL;
}

// MARK: Frames (changed in 6.0 and 6.1)

#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 29, 100)
#define INRR_FRAME_FLAGS 1
#endif

static inline int64_t inrr_frame_duration(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  return frame->duration;
#else
  return frame->pkt_duration;
#endif
}

static inline void inrr_frame_set_duration(AVFrame *frame, int64_t duration) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  frame->duration = duration;
#else
  frame->pkt_duration = duration;
#endif
}

static inline int inrr_frame_is_key(const AVFrame *frame) {
#ifdef INRR_FRAME_FLAGS
  return (frame->flags & AV_FRAME_FLAG_KEY) != 0;
#else
  return frame->key_frame;
#endif
}

static inline void inrr_frame_set_key(AVFrame *frame) {
#ifdef INRR_FRAME_FLAGS
  frame->flags |= AV_FRAME_FLAG_KEY;
#else
  frame->key_frame = 1;
#endif
}

/// Leaves the choice of the picture type to the encoder.
static inline void inrr_frame_clear_key(AVFrame *frame) {
#ifdef INRR_FRAME_FLAGS
  frame->flags &= ~AV_FRAME_FLAG_KEY;
#else
  frame->key_frame = 0;
#endif
  frame->flags &= ~AV_FRAME_FLAG_CORRUPT;
  frame->decode_error_flags = 0;
  frame->pict_type = AV_PICTURE_TYPE_NONE;
}

static inline int inrr_frame_is_interlaced(const AVFrame *frame) {
#ifdef INRR_FRAME_FLAGS
  return (frame->flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
  return frame->interlaced_frame;
#endif
}

static inline int inrr_frame_is_top_first(const AVFrame *frame) {
#ifdef INRR_FRAME_FLAGS
  return (frame->flags & AV_FRAME_FLAG_TOP_FIELD_FIRST) != 0;
#else
  return frame->top_field_first;
#endif
}

/// Asks a decoder to hand on the number that each packet was marked with.
static inline void inrr_keep_marks(AVCodecContext *decoder) {
#if LIBAVCODEC_VERSION_MAJOR >= 60
  decoder->flags |= AV_CODEC_FLAG_COPY_OPAQUE;
#else
  (void)decoder;
#endif
}

/// Marks a packet, before it is sent, with a number that its picture will have.
static inline void inrr_mark(AVCodecContext *decoder, AVPacket *packet, int64_t mark) {
#if LIBAVCODEC_VERSION_MAJOR >= 60
  (void)decoder;
  packet->opaque = (void *)(intptr_t)mark;
#else
  (void)packet;
  decoder->reordered_opaque = mark;
#endif
}

/// The number of the packet that a picture came in.
static inline int64_t inrr_frame_mark(const AVFrame *frame) {
#if LIBAVCODEC_VERSION_MAJOR >= 60
  return (int64_t)(intptr_t)frame->opaque;
#else
  return frame->reordered_opaque;
#endif
}

// MARK: Side data of streams (moved into the codec parameters in 6.1)

#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 100)
#define INRR_CODED_SIDE_DATA 1
#endif

static inline const uint8_t *inrr_stream_side_data(
    const AVStream *stream, enum AVPacketSideDataType type, size_t *size) {
#ifdef INRR_CODED_SIDE_DATA
  const AVPacketSideData *found = av_packet_side_data_get(
      stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data, type);
  *size = found ? found->size : 0;
  return found ? found->data : NULL;
#else
  return av_stream_get_side_data(stream, type, size);
#endif
}

/// Adds a copy of `data` to the stream. Returns 0 or an error.
static inline int inrr_stream_add_side_data(
    AVStream *stream, enum AVPacketSideDataType type, const uint8_t *data, size_t size) {
#ifdef INRR_CODED_SIDE_DATA
  AVPacketSideData *added = av_packet_side_data_new(
      &stream->codecpar->coded_side_data, &stream->codecpar->nb_coded_side_data, type, size, 0);
  if (!added) return AVERROR(ENOMEM);
  memcpy(added->data, data, size);
#else
  uint8_t *added = av_stream_new_side_data(stream, type, size);
  if (!added) return AVERROR(ENOMEM);
  memcpy(added, data, size);
#endif
  return 0;
}

/// The type of the stream's side data number `index`; negative after the last one.
static inline int inrr_stream_side_data_type(const AVStream *stream, int index) {
#ifdef INRR_CODED_SIDE_DATA
  if (index >= stream->codecpar->nb_coded_side_data) return -1;
  return (int)stream->codecpar->coded_side_data[index].type;
#else
  if (index >= stream->nb_side_data) return -1;
  return (int)stream->side_data[index].type;
#endif
}

/// Whether FFmpeg writes a box of Apple's beside those of stereo 3D and spherical mapping (since 7.1).
static inline int inrr_writes_apple_views(void) {
#ifdef INRR_CODED_SIDE_DATA
  return LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(61, 7, 100);
#else
  return 0;
#endif
}

static inline void inrr_stream_remove_side_data(AVStream *stream, enum AVPacketSideDataType type) {
#ifdef INRR_CODED_SIDE_DATA
  av_packet_side_data_remove(
      stream->codecpar->coded_side_data, &stream->codecpar->nb_coded_side_data, type);
#else
  (void)stream;
  (void)type;
#endif
}

/// Copies all side data of a stream whose packets are copied.
static inline int inrr_stream_copy_side_data(AVStream *to, const AVStream *from) {
#ifdef INRR_CODED_SIDE_DATA
  (void)to;  // avcodec_parameters_copy did it.
  (void)from;
#else
  for (int i = 0; i < from->nb_side_data; i++) {
    const AVPacketSideData *source = &from->side_data[i];
    int code = inrr_stream_add_side_data(to, source->type, source->data, source->size);
    if (code < 0) return code;
  }
#endif
  return 0;
}

// MARK: Encoders' pixel formats (a function since 7.1)

/// The pixel formats an encoder takes, ended by AV_PIX_FMT_NONE; null if it takes any.
static inline const enum AVPixelFormat *inrr_encoder_pixel_formats(const AVCodec *codec) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
  const void *formats = NULL;
  int count = 0;
  if (avcodec_get_supported_config(NULL, codec, AV_CODEC_CONFIG_PIX_FORMAT, 0, &formats, &count) < 0)
    return NULL;
  return (const enum AVPixelFormat *)formats;
#else
  return codec->pix_fmts;
#endif
}

// MARK: Conversion of pixel formats (8.0 shows what the scaler's context holds, and names its flags in an enumeration)

/// A scaler's context, of a type that Swift sees alike in all releases.
typedef struct inrr_converter inrr_converter;

/// A scaler that converts between pixel formats as exactly as FFmpeg can; null where it can't.
static inline inrr_converter *inrr_make_converter(
    int width, int height, enum AVPixelFormat from, enum AVPixelFormat to) {
  int flags = SWS_LANCZOS | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT;
  return (inrr_converter *)sws_getContext(width, height, from, width, height, to, flags, NULL, NULL, NULL);
}

static inline void inrr_free_converter(inrr_converter *converter) {
  sws_freeContext((struct SwsContext *)converter);
}

/// Sets matrices (`SWS_CS_...`) and ranges. Returns a negative number where the formats have none.
static inline int inrr_set_colours(
    inrr_converter *converter, int matrix, int is_full_range, int to_matrix, int to_full_range) {
  return sws_setColorspaceDetails(
      (struct SwsContext *)converter, sws_getCoefficients(matrix), is_full_range, sws_getCoefficients(to_matrix),
      to_full_range, 0, 1 << 16, 1 << 16);
}

/// Converts a picture into another that has its memory. Returns an error or a number that is not negative.
static inline int inrr_convert(inrr_converter *converter, AVFrame *to, const AVFrame *from) {
  return sws_scale_frame((struct SwsContext *)converter, to, from);
}

// MARK: Containers

/// How many groups of streams a file has, such as the tiles of a picture (since 7.0).
static inline unsigned inrr_stream_groups(const AVFormatContext *file) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 19, 100)
  return file->nb_stream_groups;
#else
  (void)file;
  return 0;
#endif
}

/// Whether the muxer of Matroska writes the delay of Opus that its readers subtract (since 6.0).
static inline int inrr_writes_opus_delay(void) { return avformat_version() >= AV_VERSION_INT(60, 0, 100); }

/// Copies a cover picture into codec parameters, as the bytes of an attached file.
/// Returns 0, 1 where there is none, or an error.
static inline int inrr_attach_picture(AVCodecParameters *to, const AVStream *from) {
  const AVPacket *picture = &from->attached_pic;
  if (!(from->disposition & AV_DISPOSITION_ATTACHED_PIC) || !picture->data || picture->size <= 0) return 1;
  uint8_t *bytes = (uint8_t *)av_mallocz((size_t)picture->size + AV_INPUT_BUFFER_PADDING_SIZE);
  if (!bytes) return AVERROR(ENOMEM);
  memcpy(bytes, picture->data, (size_t)picture->size);
  av_freep(&to->extradata);
  to->codec_type = AVMEDIA_TYPE_ATTACHMENT;
  to->codec_id = from->codecpar->codec_id;
  to->codec_tag = 0;
  to->extradata = bytes;
  to->extradata_size = picture->size;
  return 0;
}

/// Sets how many samples prepare an Opus decoder, by its header, where the demuxer did not: Matroska's readers subtract
/// them from the times, and its muxer adds what it is told here.
static inline void inrr_complete_padding(AVCodecParameters *codec) {
  if (codec->codec_id != AV_CODEC_ID_OPUS || codec->initial_padding > 0) return;
  if (!codec->extradata || codec->extradata_size < 12) return;
  codec->initial_padding = codec->extradata[10] | codec->extradata[11] << 8;
}

/// The number of samples at a packet's end that are not played.
static inline int64_t inrr_skipped_at_end(const AVPacket *packet) {
  size_t size = 0;
  const uint8_t *data = av_packet_get_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
  if (!data || size < 8) return 0;
  return (int64_t)data[4] | (int64_t)data[5] << 8 | (int64_t)data[6] << 16 | (int64_t)data[7] << 24;
}

/// The tag to write for a stream whose packets are copied: the source's where the container knows it.
static inline unsigned inrr_copied_tag(const AVOutputFormat *format, const AVCodecParameters *codec) {
  unsigned other;
  if (!format->codec_tag) return codec->codec_tag;
  if (av_codec_get_id(format->codec_tag, codec->codec_tag) == codec->codec_id) return codec->codec_tag;
  if (!av_codec_get_tag2(format->codec_tag, codec->codec_id, &other)) return codec->codec_tag;
  return 0;
}

/// Copies chapters with their time base and tags. Returns 0 or an error.
static inline int inrr_copy_chapters(AVFormatContext *to, const AVFormatContext *from) {
  if (from->nb_chapters == 0) return 0;
  AVChapter **list = (AVChapter **)av_calloc(from->nb_chapters, sizeof(*list));
  if (!list) return AVERROR(ENOMEM);
  to->chapters = list;
  for (unsigned i = 0; i < from->nb_chapters; i++) {
    const AVChapter *source = from->chapters[i];
    AVChapter *copy = (AVChapter *)av_mallocz(sizeof(*copy));
    if (!copy) return AVERROR(ENOMEM);
    copy->id = source->id;
    copy->time_base = source->time_base;
    copy->start = source->start;
    copy->end = source->end;
    list[to->nb_chapters++] = copy;
    int code = av_dict_copy(&copy->metadata, source->metadata, 0);
    if (code < 0) return code;
  }
  return 0;
}

/// The number of entries in a stream's index for frames that are shown.
static inline int inrr_shown_index_entries(AVStream *stream) {
  int shown = 0;
  for (int i = 0; i < avformat_index_get_entries_count(stream); i++) {
    const AVIndexEntry *entry = avformat_index_get_entry(stream, i);
    if (entry && !(entry->flags & AVINDEX_DISCARD_FRAME)) shown++;
  }
  return shown;
}
#endif
