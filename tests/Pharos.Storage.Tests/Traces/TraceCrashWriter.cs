using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Traces;

namespace Pharos.Storage.Tests.Traces;

/// <summary>What this test program does instead of testing when the environment names a folder: it appends batch after batch, seals and
/// merges now and then, and prints the number of each batch that is acknowledged, until it is killed.</summary>
internal static class TraceCrashWriter
{
    public const string DirectoryVariable = "PHAROS_TRACE_CRASH_WRITER_DIRECTORY";
    public const string FirstVariable = "PHAROS_TRACE_CRASH_WRITER_FIRST";
    public const int Spans = 4;
    private const int BatchesPerFlush = 37;

    public static TraceStoreOptions Options(string directory) => Make.Options(directory) with { Fsync = Wal.FsyncPolicy.None, WalSegmentBytes = 20_000 };

    /// <summary>Spans of a trace that three batches share.</summary>
    public static IEnumerable<Span> Batch(int number) => Enumerable.Range(0, Spans).Select(i =>
        Make.Span((ulong)(number / 3) + 1, (ulong)((number * Spans) + i + 1), 1, Make.TimeNs + (number * Make.SecondNs) + i, $"s{i}", $"batch {number}"));

#pragma warning disable CA2255 // The test program is an application; its entry point is the test runner's.
    [ModuleInitializer]
#pragma warning restore CA2255
    public static void RunWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(DirectoryVariable) is { Length: > 0 } directory)
        {
            Run(directory, int.Parse(Environment.GetEnvironmentVariable(FirstVariable)!, CultureInfo.InvariantCulture));
        }
    }

    private static void Run(string directory, int first)
    {
        var store = TraceStore.Open(Options(directory), TimeProvider.System, NullLogger.Instance, new Meter("crash"));
        using var output = Console.OpenStandardOutput();
        var upkeep = Task.CompletedTask;
        for (var number = first; ; number++)
        {
            store.Append(Make.Batch("", Batch(number)));
            output.Write(System.Text.Encoding.ASCII.GetBytes($"{number}\n"));
            if (number % BatchesPerFlush == 0 && upkeep.IsCompleted)
            {
                upkeep = Task.Run(() =>
                {
                    store.Flush(CancellationToken.None);
                    store.RunMaintenance();
                });
            }
        }
    }
}
