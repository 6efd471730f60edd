namespace Pharos.Storage.Traces.Search;

/// <summary>What of a span a condition looks at.</summary>
public enum SpanField : byte
{
    /// <summary>The attribute of the condition's key, in its scopes.</summary>
    Attribute,

    /// <summary>The resource's service name, as <see cref="SpanResource.ServiceName"/> gives it.</summary>
    Service,
    Name,

    /// <summary>The number of a <see cref="SpanKind"/>, as an integer.</summary>
    Kind,

    /// <summary>The number of a <see cref="SpanStatus"/>, as an integer.</summary>
    Status,
    StatusMessage,

    /// <summary>Nanoseconds, as an integer.</summary>
    Duration,

    /// <summary>Of the whole trace, as it is stored: nanoseconds, as an integer.</summary>
    TraceDuration,
    RootService,
    RootName,
    EventName,
    ScopeName,
    ScopeVersion,
}
