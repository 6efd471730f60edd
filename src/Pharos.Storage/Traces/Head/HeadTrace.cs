namespace Pharos.Storage.Traces.Head;

/// <summary>What a head knows of a trace.</summary>
internal struct HeadTrace
{
    public string Tenant;
    public TraceId Id;

    /// <summary>Its spans are a chain.</summary>
    public int First;
    public int Last;

    /// <summary>The earliest start of a span.</summary>
    public long StartNs;

    /// <summary>The latest start of a span.</summary>
    public long LastStartNs;
}
