namespace Pharos.Storage.Traces.Querying;

/// <summary>Tells what attributes of a span there are.</summary>
internal static class FactsOfSpan
{
    public static void Tell(IReadOnlyList<SpanAttribute> attributes, ISpanFacts into)
    {
        for (var i = 0; i < attributes.Count; i++)
        {
            if (into.WantedKey is not { } wanted)
            {
                into.Key(attributes[i].Key);
            }
            else if (attributes[i].Key == wanted)
            {
                into.Value(attributes[i].Value);
            }
        }
    }
}
