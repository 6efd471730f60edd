using System.Net;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Receivers.WeChat;
using Pharos.Alerting.Tests.Templates;
using Pharos.Storage.Model;
using static Pharos.Alerting.Tests.Receivers.Make;

namespace Pharos.Alerting.Tests.Receivers;

public sealed class WeChatNotifierTests
{
    private static readonly WeChatOptions Options = new()
    {
        ApiUrl = "https://wechat.example/cgi-bin/", ApiSecret = Secret.Inline("s3cr3t-part-x"), CorpId = "corp", Message = "{{ .Status }}", ToUser = "@all",
        AgentId = "7",
    };

    private int _tokens;
    private string _answer = "{\"errcode\":0,\"errmsg\":\"ok\"}";

    [Fact]
    public async Task The_token_is_fetched_once_and_messages_name_it()
    {
        var http = new ScriptedHttp(Answer);
        var notifier = new WeChatNotifier(Options, Setup(new HttpClient(http)));
        Assert.Equal(NotifyOutcome.Sent, (await notifier.NotifyAsync(Some.Notification, default)).Outcome);
        Assert.Equal(NotifyOutcome.Sent, (await notifier.NotifyAsync(Some.Notification, default)).Outcome);
        Assert.Equal(["GET /cgi-bin/gettoken?corpid=corp&corpsecret=s3cr3t-part-x", "POST /cgi-bin/message/send?access_token=token-1",
            "POST /cgi-bin/message/send?access_token=token-1"], http.Requests.Select(static request => request.Line));
        Assert.Equal("{\"text\":{\"content\":\"firing\"},\"touser\":\"@all\",\"agentid\":\"7\",\"safe\":\"0\",\"msgtype\":\"text\"," +
            "\"markdown\":{\"content\":\"\"}}\n", http.Requests[1].Body);
    }

    [Fact]
    public async Task Markdown_stands_in_its_own_member()
    {
        var http = new ScriptedHttp(Answer);
        await new WeChatNotifier(Options with { MessageType = "markdown", ToUser = "" }, Setup(new HttpClient(http))).NotifyAsync(Some.Notification, default);
        Assert.Equal("{\"text\":{\"content\":\"\"},\"agentid\":\"7\",\"safe\":\"0\",\"msgtype\":\"markdown\",\"markdown\":{\"content\":\"firing\"}}\n",
            http.Requests[1].Body);
    }

    [Theory]
    [InlineData(42001, NotifyOutcome.Retry, 2)]
    [InlineData(40014, NotifyOutcome.Retry, 2)]
    [InlineData(-1, NotifyOutcome.Retry, 1)]
    [InlineData(81013, NotifyOutcome.Failed, 1)]
    public async Task An_error_code_decides_and_an_expired_token_is_fetched_anew(int code, NotifyOutcome expected, int tokens)
    {
        var http = new ScriptedHttp(Answer);
        var notifier = new WeChatNotifier(Options, Setup(new HttpClient(http)));
        _answer = $"{{\"errcode\":{code},\"errmsg\":\"no: token-1\"}}";
        var result = await notifier.NotifyAsync(Some.Notification, default);
        Assert.Equal(expected, result.Outcome);
        Assert.DoesNotContain("token-1", result.Reason, StringComparison.Ordinal);
        _answer = "{\"errcode\":0}";
        Assert.Equal(NotifyOutcome.Sent, (await notifier.NotifyAsync(Some.Notification, default)).Outcome);
        Assert.Equal(tokens, _tokens);
    }

    [Fact]
    public async Task A_refused_secret_is_final_and_not_shown()
    {
        var http = new ScriptedHttp(static _ => (HttpStatusCode.OK, "{\"errcode\":40001,\"errmsg\":\"invalid credential s3cr3t-part-x\"}"));
        var result = await new WeChatNotifier(Options, Setup(new HttpClient(http))).NotifyAsync(Some.Notification, default);
        Assert.Equal((NotifyOutcome.Failed, "invalid APISecret for CorpID: corp"), (result.Outcome, result.Reason));
    }

    private (HttpStatusCode, string) Answer(string line) => line.Contains("gettoken", StringComparison.Ordinal)
        ? (HttpStatusCode.OK, $"{{\"access_token\":\"token-{++_tokens}\",\"expires_in\":7200}}") : (HttpStatusCode.OK, _answer);
}
