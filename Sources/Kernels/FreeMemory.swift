internal import CMemory

/// Gives memory that is free back to the system: for the end of a part of the work that took much more than what comes next
/// begins with, such as many small arrays. Takes some milliseconds.
public func returnFreeMemory() { inrr_return_memory() }
