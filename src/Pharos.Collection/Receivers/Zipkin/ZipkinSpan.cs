using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Zipkin;

/// <summary>A span as Zipkin's second format has it; one object serves a whole body, span after span.</summary>
internal sealed class ZipkinSpan : IZipkinSpan
{
    public TraceId TraceId { get; set; }

    public ulong Id { get; set; }

    /// <summary>0 for none.</summary>
    public ulong ParentId { get; set; }

    public string Name { get; set; } = "";

    public SpanKind Kind { get; set; }

    /// <summary>Microseconds since 1970; 0 where the client does not know it.</summary>
    public long TimestampUs { get; set; }

    public long DurationUs { get; set; }

    public bool Debug { get; set; }

    /// <summary>The span's id is that of the client's half.</summary>
    public bool Shared { get; set; }

    public ZipkinEndpoint Local { get; set; } = ZipkinEndpoint.None;

    public ZipkinEndpoint Remote { get; set; } = ZipkinEndpoint.None;

    public List<(long TimestampUs, string Value)> Annotations { get; } = [];

    public ZipkinTags Tags { get; } = new();

    public void Clear()
    {
        TraceId = default;
        (Id, ParentId, Name, Kind, TimestampUs, DurationUs) = (0, 0, "", SpanKind.Unspecified, 0, 0);
        (Debug, Shared) = (false, false);
        (Local, Remote) = (ZipkinEndpoint.None, ZipkinEndpoint.None);
        Annotations.Clear();
        Tags.Clear();
    }

    /// <exception cref="InvalidDataException">It has no ids.</exception>
    public void Check()
    {
        if (TraceId.IsZero)
        {
            throw new InvalidDataException("a span has no traceId");
        }
        if (Id == 0)
        {
            throw new InvalidDataException("a span has no id, or its id is zero");
        }
    }
}
