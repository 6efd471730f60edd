namespace Pharos.Alerting.Receivers.Slack;

/// <summary>A button below a message.</summary>
public sealed record SlackAction
{
    public required string Type { get; init; }

    public required string Text { get; init; }

    public string Url { get; init; } = "";

    public string Style { get; init; } = "";

    public string Name { get; init; } = "";

    public string Value { get; init; } = "";

    public SlackConfirmation? Confirm { get; init; }
}
