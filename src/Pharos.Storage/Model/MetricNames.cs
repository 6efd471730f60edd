namespace Pharos.Storage.Model;

/// <summary>The rules for names of metrics and labels.</summary>
/// <remarks>Since Prometheus 3 any non-empty UTF-8 string is a name; the legacy rules decide what needs quotes.</remarks>
public static class MetricNames
{
    /// <summary>Whether a metric's name needs no quotes: <c>[a-zA-Z_:][a-zA-Z0-9_:]*</c>.</summary>
    public static bool IsLegacyValid(string name) => Matches(name, colons: true);

    /// <summary>Whether a label's name needs no quotes: <c>[a-zA-Z_][a-zA-Z0-9_]*</c>.</summary>
    public static bool IsLegacyValidLabel(string name) => Matches(name, colons: false);

    private static bool Matches(string name, bool colons)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            return false;
        }
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_' && !(colons && c == ':'))
            {
                return false;
            }
        }
        return true;
    }
}
