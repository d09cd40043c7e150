#ifndef CVECTORMATH_H
#define CVECTORMATH_H

#include <stddef.h>

#include "group.h"
#include "shrink.h"
#include "surface.h"
#include "vm_elementwise.h"

#endif
