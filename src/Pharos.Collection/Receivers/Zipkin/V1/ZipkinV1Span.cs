using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Zipkin.V1;

/// <summary>A span as Zipkin's first format has it; one object serves a whole body, span after span.</summary>
internal sealed class ZipkinV1Span : IZipkinSpan
{
    public TraceId TraceId { get; set; }

    public ulong Id { get; set; }

    /// <summary>0 for none.</summary>
    public ulong ParentId { get; set; }

    public string Name { get; set; } = "";

    public bool Debug { get; set; }

    /// <summary>Microseconds since 1970; 0 where only the annotations tell it.</summary>
    public long TimestampUs { get; set; }

    public long DurationUs { get; set; }

    public List<ZipkinV1Annotation> Annotations { get; } = [];

    public List<ZipkinV1Tag> Tags { get; } = [];

    public void Clear()
    {
        TraceId = default;
        (Id, ParentId, Name, Debug, TimestampUs, DurationUs) = (0, 0, "", false, 0, 0);
        Annotations.Clear();
        Tags.Clear();
    }

    /// <exception cref="InvalidDataException">It has no ids.</exception>
    public void Check()
    {
        if (TraceId.IsZero || Id == 0)
        {
            throw new InvalidDataException("a span lacks its trace id or its id");
        }
    }
}
