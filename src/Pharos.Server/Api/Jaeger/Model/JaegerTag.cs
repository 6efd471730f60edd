using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Jaeger.Model;

/// <summary>A tag of a span or a process, or a field of a log.</summary>
internal readonly record struct JaegerTag(string Key, AttributeValue Value)
{
    public JaegerTag(string key, string value)
        : this(key, AttributeValue.OfText(value))
    {
    }
}
