# stamp.pl PROGRAM ARGUMENT...: runs a program and passes on its standard output. Whenever some of it arrives, a line
# `stamp SECONDS BYTES` on standard error prints how long after the start, and how much there is by now. A program that
# flushes when a phase of its work ends is so timed from outside, phase by phase, for one short wake-up each.
use strict;
use warnings;
no warnings 'exec';
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

pipe(my $from, my $to) or die "no pipe: $!\n";
my $begin = clock_gettime(CLOCK_MONOTONIC);
my $child = fork() // die "no process: $!\n";
if ($child == 0) {
    close $from;
    open(STDOUT, '>&', $to) or die "no standard output: $!\n";
    close $to;
    exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!\n";
}
close $to;
my $bytes = 0;
while (1) {
    my $got = sysread($from, my $text, 65536);
    my $now = clock_gettime(CLOCK_MONOTONIC);
    die "reading failed: $!\n" unless defined $got;
    last if $got == 0;
    $bytes += $got;
    (syswrite(STDOUT, $text) // -1) == $got or die "writing failed: $!\n";
    syswrite(STDERR, sprintf("stamp %.6f %d\n", $now - $begin, $bytes));
}
waitpid($child, 0);
exit(($? & 127) ? 128 + ($? & 127) : $? >> 8);
