namespace Pharos.Alerting.Receivers.Slack;

/// <summary>Where a message stands, so that it can be updated.</summary>
internal sealed record SentMessage(string Channel, string Timestamp)
{
    public static SentMessage? Parse(string? text) => text?.Split(' ') is [var channel, var timestamp] ? new SentMessage(channel, timestamp) : null;

    public override string ToString() => $"{Channel} {Timestamp}";
}
