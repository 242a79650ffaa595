# Sources of this layer, appended to libldall_la_SOURCES.
