/* What the exec and sh probes execute: as little as a program can do and still be one. */
#include <unistd.h>

int main(void)
{
	static const char greeting[] = "bench-child\n";

	if (write(1, greeting, sizeof greeting - 1) < 0)
		return 0;
	return 0;
}
