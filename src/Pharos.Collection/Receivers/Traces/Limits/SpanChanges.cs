namespace Pharos.Collection.Receivers.Traces.Limits;

/// <summary>How much of a batch was cut off or put right.</summary>
internal record struct SpanChanges
{
    /// <summary>Attributes beyond the number that an owner may have.</summary>
    public int Attributes { get; set; }

    /// <summary>Texts that were cut.</summary>
    public int Values { get; set; }

    public int Events { get; set; }

    public int Links { get; set; }

    /// <summary>Texts that were no UTF-8.</summary>
    public int Encodings { get; set; }

    /// <summary>Services and spans without a name, or a service whose name is no text.</summary>
    public int Names { get; set; }

    /// <summary>Spans that ended before they began.</summary>
    public int Durations { get; set; }
}
