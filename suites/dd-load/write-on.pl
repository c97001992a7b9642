# write-on.pl SECONDS DD SOURCE MIB COPIES TARGET: writes SOURCE, which has MIB mebibytes, COPIES times in a row over TARGET,
# and that over and over. The last call of dd of each pass ends when the whole file is on the disk (fdatasync). Each call
# is printed in three lines on standard output, with instants of CLOCK_MONOTONIC in ns and what dd reported as copied:
#   began PASS COPY NS
#   copied BYTES
#   ended NS
# It is ended from outside; after SECONDS it ends by itself once a pass is done.
use strict;
use warnings;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

my ($seconds, $dd, $source, $mib, $copies, $target) = @ARGV;
$| = 1;
$ENV{LC_ALL} = 'C';
sub instant { return sprintf('%.0f', clock_gettime(CLOCK_MONOTONIC) * 1e9) }

my $stop = clock_gettime(CLOCK_MONOTONIC) + $seconds;
for (my $pass = 1; clock_gettime(CLOCK_MONOTONIC) < $stop; $pass++) {
    for my $copy (1 .. $copies) {
        my $sync = $copy == $copies ? ',fdatasync' : '';
        my @call = ($dd, "if=$source", "of=$target", 'bs=1M', 'seek=' . ($copy - 1) * $mib, "conv=notrunc$sync");
        print "began $pass $copy ", instant(), "\n";
        pipe(my $from, my $to) or die "no pipe: $!\n";
        my $child = fork() // die "no process: $!\n";
        if ($child == 0) {
            open(STDERR, '>&', $to) or exit 126;
            exec { $call[0] } @call or exit 127;
        }
        close $to;
        my $printed = do { local $/; <$from> } // '';
        waitpid($child, 0);
        exit 143 if ($? & 127) == 15; # ended from outside, together with dd
        if ($? != 0 || $printed !~ /^(\d+) bytes .*copied, /m) {
            print STDERR $printed;
            die "dd ended with status $?\n";
        }
        print "copied $1\nended ", instant(), "\n";
    }
}
