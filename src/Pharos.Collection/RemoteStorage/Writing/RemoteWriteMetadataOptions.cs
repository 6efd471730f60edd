namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>The section <c>metadata_config</c>; only version 1 sends metadata apart from the samples.</summary>
public sealed record RemoteWriteMetadataOptions
{
    public bool Send { get; init; } = true;

    public TimeSpan SendInterval { get; init; } = TimeSpan.FromMinutes(1);

    public int MaxSamplesPerSend { get; init; } = 2000;
}
