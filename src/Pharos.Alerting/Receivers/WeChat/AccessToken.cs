namespace Pharos.Alerting.Receivers.WeChat;

internal sealed record AccessToken(string Value, DateTimeOffset FetchedAt)
{
    /// <summary>The record's own text would show the token.</summary>
    public override string ToString() => "<secret>";
}
