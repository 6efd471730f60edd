namespace Pharos.Alerting.History;

/// <summary>Why nobody is told of an alert that fires.</summary>
internal static class SuppressionCause
{
    public const string Silence = "silence";
    public const string Inhibition = "inhibition";
    public const string Mute = "mute";
}
