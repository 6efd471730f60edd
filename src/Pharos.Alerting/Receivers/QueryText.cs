namespace Pharos.Alerting.Receivers;

/// <summary>Names and values as the query of an address and as the body of a form, in the order of their names.</summary>
internal static class QueryText
{
    public static string Of(IEnumerable<KeyValuePair<string, string>> pairs) =>
        string.Join('&', pairs.OrderBy(static pair => pair.Key, StringComparer.Ordinal)
            .Select(static pair => $"{Escape(pair.Key)}={Escape(pair.Value)}"));

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
