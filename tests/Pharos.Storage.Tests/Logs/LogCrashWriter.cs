using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Logs;

namespace Pharos.Storage.Tests.Logs;

/// <summary>What this test program does instead of testing when the environment names a folder: it appends batch after batch, seals and
/// merges now and then, and prints the number of each batch that is acknowledged, until it is killed.</summary>
internal static class LogCrashWriter
{
    public const string DirectoryVariable = "PHAROS_LOG_CRASH_WRITER_DIRECTORY";
    public const string FirstVariable = "PHAROS_LOG_CRASH_WRITER_FIRST";
    public const int Streams = 5;
    private const int BatchesPerFlush = 37;

    public static LogStoreOptions Options(string directory) => Make.Options(directory) with { Fsync = Wal.FsyncPolicy.None, WalSegmentBytes = 20_000 };

    public static LogLine[] Batch(int number) =>
    [
        .. Enumerable.Range(0, Streams).Select(stream =>
            new LogLine(Make.Labels("web", $"{stream}"), Make.TimeNs + (number * Make.SecondNs), $"batch {number}", ("batch", $"{number}"))),
    ];

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
        var store = LogStore.Open(Options(directory), TimeProvider.System, NullLogger.Instance, new Meter("crash"));
        using var output = Console.OpenStandardOutput();
        var upkeep = Task.CompletedTask;
        var batch = new LogBatch();
        for (var number = first; ; number++)
        {
            batch.Clear();
            foreach (var line in Batch(number))
            {
                batch.BeginStream(store.Stream(Make.Tenant, line.Labels));
                batch.Add(line.TimeNs, line.Bytes);
                batch.AddMetadata("batch"u8, System.Text.Encoding.UTF8.GetBytes(line.Metadata[0].Value));
            }
            batch.Mark("position", number.ToString(CultureInfo.InvariantCulture));
            store.Append(batch);
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
