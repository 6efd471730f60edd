namespace Pharos.Server.Configuration.Prometheus;

/// <summary>The limits that <c>global</c> and each job may set; 0 is no limit, and in a job the global one.</summary>
internal sealed record ScrapeLimits
{
    public long BodySizeBytes { get; init; }

    public int Samples { get; init; }

    public int Targets { get; init; }

    public int Labels { get; init; }

    public int LabelNameLength { get; init; }

    public int LabelValueLength { get; init; }

    public int KeepDroppedTargets { get; init; }
}
