using System.Text.Json;
using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Receivers.WeChat;

/// <summary>Sends messages of a WeChat Work application; the token that its API wants is fetched with the secret and kept.</summary>
/// <remarks>Two groups that need a token at the same moment may both fetch one: both are valid.</remarks>
public sealed class WeChatNotifier(WeChatOptions options, ReceiverSetup setup) : INotifier
{
    // https://developer.work.weixin.qq.com/document/path/90313
    private const int Busy = -1;
    private const int TooManyCalls = 45009;
    private const int InvalidToken = 40014;
    private const int ExpiredToken = 42001;

    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(2);

    private readonly HttpIntegration _http = new("wechat", setup);
    private volatile AccessToken? _token;

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(notification, SendAsync, cancellation);

    private async ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, CancellationToken cancellation)
    {
        var token = _token;
        if (token is null || setup.Time.GetUtcNow() - token.FetchedAt > TokenLifetime)
        {
            (token, var failure) = await FetchTokenAsync(renderer, cancellation);
            if (token is null)
            {
                return failure;
            }
            _token = token;
        }
        var query = QueryText.Of([new("access_token", token.Value)]);
        var request = new OutgoingRequest($"{options.ApiUrl}message/send?{query}") { Body = Message(renderer), Secrets = [token.Value] };
        return await _http.SendAsync(request, cancellation, answer => Judge(answer, token));
    }

    /// <returns>The token, or null and why there is none.</returns>
    private async ValueTask<(AccessToken? Token, NotifyResult Failure)> FetchTokenAsync(
        NotificationRenderer renderer, CancellationToken cancellation)
    {
        var secret = renderer.SecretText("api_secret", options.ApiSecret.Reveal());
        var corporation = renderer.Text("corp_id", options.CorpId);
        var query = QueryText.Of([new("corpid", corporation), new("corpsecret", secret)]);
        AccessToken? token = null;
        var request = new OutgoingRequest($"{options.ApiUrl}gettoken?{query}") { Method = HttpMethod.Get, Secrets = [secret] };
        var result = await _http.SendAsync(request, cancellation, answer =>
        {
            var value = AnswerJson.Parse(answer.Body)?.Text("access_token") ?? "";
            token = value.Length == 0 ? null : new AccessToken(value, setup.Time.GetUtcNow());
            return token is null ? NotifyResult.Never(NotifyFailure.Other, "invalid APISecret for CorpID: " + corporation) : null;
        });
        return (token, result);
    }

    private string Message(NotificationRenderer renderer)
    {
        var content = renderer.Body("message", options.Message);
        var isMarkdown = options.MessageType == WeChatOptions.MarkdownType;
        return new JsonText().Open('{')
            .Key("text").Open('{').Member("content", isMarkdown ? "" : content).Close('}')
            .Optional("touser", renderer.Text("to_user", options.ToUser))
            .Optional("toparty", renderer.Text("to_party", options.ToParty))
            .Optional("totag", renderer.Text("to_tag", options.ToTag))
            .Optional("agentid", renderer.Text("agent_id", options.AgentId))
            .Member("safe", "0").Member("msgtype", options.MessageType)
            .Key("markdown").Open('{').Member("content", isMarkdown ? content : "").Close('}')
            .Close('}').ToString();
    }

    /// <summary>A refusal comes with the status 200, too.</summary>
    private NotifyResult? Judge(HttpAnswer answer, AccessToken used)
    {
        if (AnswerJson.Parse(answer.Body) is not { } root)
        {
            return NotifyResult.Again(NotifyFailure.Other, "WeChat's answer is no JSON");
        }
        var code = root.Member("errcode") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var read) ? read : 0;
        if (code == 0)
        {
            return null;
        }
        var reason = root.Text("errmsg") is { Length: > 0 } message ? message : $"error {code}";
        switch (code)
        {
            case ExpiredToken or InvalidToken:
                // Unless another group has fetched a newer one meanwhile.
                Interlocked.CompareExchange(ref _token, null, used);
                return NotifyResult.Again(NotifyFailure.AuthError, reason);
            case Busy or TooManyCalls:
                return NotifyResult.Again(code == Busy ? NotifyFailure.ServerError : NotifyFailure.RateLimited, reason);
            default:
                return NotifyResult.Never(NotifyFailure.Other, reason);
        }
    }
}
