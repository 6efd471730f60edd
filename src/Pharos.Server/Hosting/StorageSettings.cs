using Pharos.Server.Configuration.Prometheus;
using Pharos.Storage.Metrics;

namespace Pharos.Server.Hosting;

/// <summary>How the metric store behaves: the flags, and over them what the file's section <c>storage</c> says.</summary>
internal static class StorageSettings
{
    /// <param name="diskBytes">The size of the disk that the data lies on.</param>
    public static MetricStoreOptions Of(PharosServerOptions flags, StorageConfig file, Func<long> diskBytes) => new()
    {
        Directory = Path.Combine(flags.DataPath ?? "", "metrics"),
        RetentionTime = file.RetentionTime ?? flags.RetentionTime,
        RetentionRules = file.RetentionRules,
        DownsamplingRules = file.DownsamplingRules,
        RetentionBytes = file.RetentionPercent is { } percent ? (long)(diskBytes() * percent / 100)
            : file.RetentionBytes ?? flags.RetentionSizeBytes,
        OutOfOrderWindow = file.OutOfOrderWindow,
        MaxExemplars = file.MaxExemplars,
    };

    /// <returns>0 where the system cannot say; then a share of the disk is no limit.</returns>
    public static long DiskBytes(string? path)
    {
        try
        {
            return path is null ? 0 : new DriveInfo(path).TotalSize;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
