using Pharos.Alerting.Receivers.RocketChat;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager.Receivers;

/// <summary>Reads one entry of <c>rocketchat_configs</c>.</summary>
internal static class RocketChatSection
{
    private static readonly RocketChatOptions Defaults = new() { ApiUrl = "", Token = Secret.Inline(""), TokenId = Secret.Inline("") };

    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var token = map.SecretOrFile("token", "token_file") ?? global.RocketChatToken;
        var tokenId = map.SecretOrFile("token_id", "token_id_file") ?? global.RocketChatTokenId;
        map.ErrorUnless(token is not null, "token", "no global Rocketchat Token set either inline or in a file");
        map.ErrorUnless(tokenId is not null, "token_id", "no global Rocketchat TokenID set either inline or in a file");
        var options = Defaults with
        {
            SendResolved = map.Flag("send_resolved", Defaults.SendResolved),
            ApiUrl = ApiUrl.AsFolder(ApiUrl.Read(map, "api_url", global.RocketChatApiUrl)),
            Token = token ?? Defaults.Token,
            TokenId = tokenId ?? Defaults.TokenId,
            Channel = map.Text("channel"),
            Color = map.Text("color", Defaults.Color),
            Title = map.Text("title", Defaults.Title),
            TitleLink = map.Text("title_link", Defaults.TitleLink),
            Text = map.Text("text", Defaults.Text),
            Fields = SectionList.Read(map, "fields", static item =>
                new RocketChatField(item.Text("title"), item.Text("value"), item.OptionalFlag("short"))),
            ShortFields = map.Flag("short_fields"),
            Emoji = map.Text("emoji", Defaults.Emoji),
            IconUrl = map.Text("icon_url", Defaults.IconUrl),
            ImageUrl = map.Text("image_url"),
            ThumbUrl = map.Text("thumb_url"),
            Actions = SectionList.Read(map, "actions", ReadAction),
        };
        // Read by Alertmanager, too, and sent by neither.
        map.Flag("link_names");
        return new IntegrationConfig(options, http, setup => new RocketChatNotifier(options, setup));
    }

    private static RocketChatAction ReadAction(YamlMappingReader item)
    {
        // Of these Alertmanager reads the spelling without underscores; it sends none of them.
        item.Accept("type", "imageurl", "image_url", "iswebview", "is_webview", "webviewheightratio", "webview_height_ratio",
            "msginchatwindow", "msg_in_chat_window", "msgprocessingtype", "msg_processing_type");
        return new RocketChatAction(item.Text("text"), item.Text("url"), item.Text("msg"));
    }
}
