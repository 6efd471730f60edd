using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Zipkin;

/// <summary>What spans of both of Zipkin's formats have.</summary>
internal interface IZipkinSpan
{
    TraceId TraceId { get; set; }

    ulong Id { get; set; }

    /// <summary>0 for none.</summary>
    ulong ParentId { get; set; }

    string Name { get; set; }

    bool Debug { get; set; }

    /// <summary>Microseconds since 1970; 0 where it is not said.</summary>
    long TimestampUs { get; set; }

    long DurationUs { get; set; }
}
