namespace Pharos.Alerting.History;

/// <summary>How an alert that fires stood when its last transition was written.</summary>
internal sealed class AlertStanding
{
    /// <summary>Who suppresses it, by cause and route; null while nobody does.</summary>
    private Dictionary<string, IReadOnlyList<string>>? _suppressions;

    public bool IsSuppressed => _suppressions is not null;

    public static string Scope(string cause, string route) => route.Length == 0 ? cause : $"{cause}:{route}";

    public IReadOnlyList<string> SuppressedBy(string scope) =>
        _suppressions is not null && _suppressions.TryGetValue(scope, out var by) ? by : [];

    public void Suppress(string scope, IReadOnlyList<string> by)
    {
        if (by.Count > 0)
        {
            (_suppressions ??= new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal))[scope] = by;
        }
        else if (_suppressions?.Remove(scope) == true && _suppressions.Count == 0)
        {
            _suppressions = null;
        }
    }
}
