using Pharos.Alerting.Receivers.Slack;
using Pharos.Server.Configuration.Alertmanager.Receivers;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads one entry of <c>slack_configs</c>.</summary>
internal static class SlackSection
{
    private static readonly SlackOptions Defaults = new();

    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var appUrl = ApiUrl.Read(map, "app_url", global.SlackAppUrl);
        var (apiUrl, appToken) = ReadDestination(map, global, http, appUrl);
        var update = map.Flag("update_message");
        map.ErrorUnless(!update || appToken is not null || apiUrl?.File is not null || apiUrl?.Reveal() == appUrl, "update_message",
            "update_message can only be used with an app token, not with a webhook URL");
        var options = new SlackOptions
        {
            SendResolved = map.Flag("send_resolved"),
            ApiUrl = apiUrl,
            AppToken = appToken,
            AppUrl = appUrl,
            Channel = map.Text("channel"),
            Username = map.Text("username", Defaults.Username),
            Color = map.Text("color", Defaults.Color),
            Title = map.Text("title", Defaults.Title),
            TitleLink = map.Text("title_link", Defaults.TitleLink),
            Pretext = map.Text("pretext", Defaults.Pretext),
            Text = map.Text("text", Defaults.Text),
            MessageText = map.Text("message_text"),
            Fields = ReadFields(map),
            ShortFields = map.Flag("short_fields"),
            Footer = map.Text("footer", Defaults.Footer),
            Fallback = map.Text("fallback", Defaults.Fallback),
            CallbackId = map.Text("callback_id", Defaults.CallbackId),
            IconEmoji = map.Text("icon_emoji", Defaults.IconEmoji),
            IconUrl = map.Text("icon_url", Defaults.IconUrl),
            ImageUrl = map.Text("image_url"),
            ThumbUrl = map.Text("thumb_url"),
            LinkNames = map.Flag("link_names"),
            MarkdownIn = map.Texts("mrkdwn_in"),
            Actions = ReadActions(map),
            UpdateMessage = update,
            Timeout = GoDurationValue.ReadTimeout(map),
        };
        return new IntegrationConfig(options, http, setup => new SlackNotifier(options, setup));
    }

    /// <summary>The receiver's own webhook or token, else the web API with the receiver's own authorization, else the global ones.</summary>
    private static (Secret? ApiUrl, Secret? AppToken) ReadDestination(
        YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http, string appUrl)
    {
        var apiUrl = SecretUrl.Read(map, "api_url");
        var appToken = map.SecretOrFile("app_token", "app_token_file");
        if (apiUrl is not null && appToken is not null)
        {
            map.ErrorAt("app_token", "at most one of app_token/app_token_file & api_url/api_url_file must be configured");
        }
        // A receiver with its own authorization speaks for itself at the global address.
        if (apiUrl is null && appToken is null && http.Authorization is null)
        {
            appToken = global.SlackAppToken;
        }
        if (appToken is null)
        {
            apiUrl ??= global.SlackApiUrl;
        }
        map.ErrorUnless(apiUrl is not null || appToken is not null, "api_url",
            "no Slack API URL nor App token set either inline or in a file");
        map.ErrorUnless(appToken is null || http.Authorization is null, "app_token",
            "http authorization can't be set when using Slack App tokens");
        return (apiUrl, appToken);
    }

    private static List<SlackField> ReadFields(YamlMappingReader map)
    {
        var fields = new List<SlackField>();
        foreach (var item in map.List("fields"))
        {
            if (item.AsMapping() is not { } field)
            {
                continue;
            }
            var (title, value) = (field.Text("title"), field.Text("value"));
            field.ErrorUnless(title.Length > 0, "title", "missing title in Slack field configuration");
            field.ErrorUnless(value.Length > 0, "value", "missing value in Slack field configuration");
            fields.Add(new SlackField(title, value, field.OptionalFlag("short")));
            field.Done();
        }
        return fields;
    }

    private static List<SlackAction> ReadActions(YamlMappingReader map)
    {
        var actions = new List<SlackAction>();
        foreach (var item in map.List("actions"))
        {
            if (item.AsMapping() is not { } action)
            {
                continue;
            }
            var options = new SlackAction
            {
                Type = action.Text("type"),
                Text = action.Text("text"),
                Url = action.Text("url"),
                Style = action.Text("style"),
                Name = action.Text("name"),
                Value = action.Text("value"),
                Confirm = action.Mapping("confirm") is { } confirm ? ReadConfirmation(confirm) : null,
            };
            action.ErrorUnless(options.Type.Length > 0, "type", "missing type in Slack action configuration");
            action.ErrorUnless(options.Text.Length > 0, "text", "missing text in Slack action configuration");
            action.ErrorUnless(options.Url.Length > 0 || options.Name.Length > 0, "url",
                "missing name or url in Slack action configuration");
            action.Done();
            // A button with an address only opens it.
            actions.Add(options.Url.Length > 0 ? options with { Name = "", Value = "", Confirm = null } : options);
        }
        return actions;
    }

    private static SlackConfirmation ReadConfirmation(YamlMappingReader confirm)
    {
        var text = confirm.Text("text");
        confirm.ErrorUnless(text.Length > 0, "text", "missing text in Slack confirmation configuration");
        var confirmation = new SlackConfirmation(text, confirm.Text("title"), confirm.Text("ok_text"), confirm.Text("dismiss_text"));
        confirm.Done();
        return confirmation;
    }
}
