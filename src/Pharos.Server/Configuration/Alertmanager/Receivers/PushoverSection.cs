using Pharos.Alerting.Receivers.Pushover;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager.Receivers;

/// <summary>Reads one entry of <c>pushover_configs</c>.</summary>
internal static class PushoverSection
{
    private static readonly PushoverOptions Defaults = new() { UserKey = Secret.Inline(""), Token = Secret.Inline("") };

    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var user = map.SecretOrFile("user_key", "user_key_file");
        map.ErrorUnless(user is not null, "user_key", "one of user_key or user_key_file must be configured");
        var token = map.SecretOrFile("token", "token_file");
        map.ErrorUnless(token is not null, "token", "one of token or token_file must be configured");
        var options = new PushoverOptions
        {
            SendResolved = map.Flag("send_resolved", true),
            UserKey = user ?? Secret.Inline(""),
            Token = token ?? Secret.Inline(""),
            Title = map.Text("title", Defaults.Title),
            Message = map.Text("message", Defaults.Message),
            Url = map.Text("url", Defaults.Url),
            UrlTitle = map.Text("url_title"),
            Device = map.Text("device"),
            Sound = map.Text("sound"),
            Priority = map.Text("priority", Defaults.Priority),
            Retry = GoDurationValue.Read(map, "retry", Defaults.Retry),
            Expire = GoDurationValue.Read(map, "expire", Defaults.Expire),
            TimeToLive = GoDurationValue.Read(map, "ttl"),
            Html = map.Flag("html"),
            Monospace = map.Flag("monospace"),
        };
        map.ErrorUnless(!options.Html || !options.Monospace, "monospace", "at most one of monospace & html must be configured");
        return new IntegrationConfig(options, http, setup => new PushoverNotifier(options, setup));
    }
}
