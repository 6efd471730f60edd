using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Metrics;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>What this test program does instead of testing when the environment names a folder: it commits batch after batch
/// and prints the number of each one that is acknowledged, until it is killed.</summary>
internal static class CrashWriter
{
    public const string DirectoryVariable = "PHAROS_CRASH_WRITER_DIRECTORY";
    public const string FirstVariable = "PHAROS_CRASH_WRITER_FIRST";
    public const int SeriesCount = 20;
    private const int BatchesPerMaintenance = 40;
    private const long IntervalMs = 15_000;

    public static MetricStoreOptions Options(string directory) => Some.Options(directory) with
    {
        BlockDuration = TimeSpan.FromMinutes(10),
        Fsync = Wal.FsyncPolicy.None,
        WalSegmentBytes = 20_000,
    };

    public static long TimeOf(int batch) => batch * IntervalMs;

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
        var store = MetricStore.Open(Options(directory), TimeProvider.System, NullLogger.Instance, new Meter("crash"));
        var references = new ulong[SeriesCount];
        using var output = Console.OpenStandardOutput();
        for (var batch = first; ; batch++)
        {
            using var appender = store.Appender();
            for (var i = 0; i < SeriesCount; i++)
            {
                appender.Append(ref references[i], Some.Series("m", $"{i}"), TimeOf(batch), batch);
            }
            appender.Commit();
            output.Write(System.Text.Encoding.ASCII.GetBytes($"{batch}\n"));
            if (batch % BatchesPerMaintenance == 0)
            {
                store.RunMaintenance();
            }
        }
    }
}
