namespace Pharos.Storage.Traces;

/// <summary>Who made spans: a process, a pod, a function. Shared by all spans of it in an answer.</summary>
public sealed record SpanResource(IReadOnlyList<SpanAttribute> Attributes, uint DroppedAttributes, string SchemaUrl)
{
    /// <summary>Of a service that gave no name, as Jaeger and OpenTelemetry call it.</summary>
    public const string UnknownService = "unknown_service";

    public static readonly SpanResource None = new([], 0, "");

    /// <summary><c>service.name</c>, or <see cref="UnknownService"/>.</summary>
    public string ServiceName { get; } = NameIn(Attributes);

    private static string NameIn(IReadOnlyList<SpanAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Key == "service.name" && attribute.Value.Kind == AttributeKind.Text && attribute.Value.Text.Length > 0)
            {
                return attribute.Value.Text;
            }
        }
        return UnknownService;
    }
}
