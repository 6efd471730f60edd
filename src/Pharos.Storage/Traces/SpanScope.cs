namespace Pharos.Storage.Traces;

/// <summary>The library that made spans.</summary>
public sealed record SpanScope(string Name, string Version, IReadOnlyList<SpanAttribute> Attributes, uint DroppedAttributes, string SchemaUrl)
{
    public static readonly SpanScope None = new("", "", [], 0, "");
}
