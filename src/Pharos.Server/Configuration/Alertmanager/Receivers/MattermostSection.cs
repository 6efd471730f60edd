using Pharos.Alerting.Receivers.Mattermost;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager.Receivers;

/// <summary>Reads one entry of <c>mattermost_configs</c>.</summary>
internal static class MattermostSection
{
    private static readonly MattermostOptions Defaults = new() { WebhookUrl = Secret.Inline("") };

    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var url = SecretUrl.Read(map, "webhook_url") ?? global.MattermostWebhookUrl;
        map.ErrorUnless(url is not null, "webhook_url", "missing webhook_url or webhook_url_file on mattermost_config");
        var options = Defaults with
        {
            SendResolved = map.Flag("send_resolved", Defaults.SendResolved),
            WebhookUrl = url ?? Defaults.WebhookUrl,
            Channel = map.Text("channel"),
            Username = map.Text("username", Defaults.Username),
            IconUrl = map.Text("icon_url"),
            IconEmoji = map.Text("icon_emoji"),
            Message = ReadAttachment(map, Defaults.Message),
            Attachments = SectionList.Read(map, "attachments", static item => ReadAttachment(item, new MattermostAttachment())),
            Type = map.Text("type"),
            Card = map.Mapping("props") is { } props ? ReadCard(props) : "",
            Priority = map.Mapping("priority") is { } priority ? ReadPriority(priority) : null,
        };
        return new IntegrationConfig(options, http, setup => new MattermostNotifier(options, setup));
    }

    private static MattermostAttachment ReadAttachment(YamlMappingReader map, MattermostAttachment otherwise) => new()
    {
        Fallback = map.Text("fallback", otherwise.Fallback),
        Color = map.Text("color", otherwise.Color),
        Pretext = map.Text("pretext"),
        Text = map.Text("text", otherwise.Text),
        AuthorName = map.Text("author_name"),
        AuthorLink = map.Text("author_link"),
        AuthorIcon = map.Text("author_icon"),
        Title = map.Text("title", otherwise.Title),
        TitleLink = map.Text("title_link", otherwise.TitleLink),
        Fields = SectionList.Read(map, "fields", ReadField),
        ThumbUrl = map.Text("thumb_url"),
        Footer = map.Text("footer"),
        FooterIcon = map.Text("footer_icon"),
        ImageUrl = map.Text("image_url"),
    };

    private static MattermostField ReadField(YamlMappingReader item)
    {
        var field = new MattermostField(item.Text("title"), item.Text("value"), item.OptionalFlag("short"));
        item.ErrorUnless(field.Title.Length > 0, "title", "missing title in Mattermost field configuration");
        item.ErrorUnless(field.Value.Length > 0, "value", "missing value in Mattermost field configuration");
        return field;
    }

    private static string ReadCard(YamlMappingReader props)
    {
        var card = props.Text("card");
        props.Done();
        return card;
    }

    private static MattermostPriority ReadPriority(YamlMappingReader section)
    {
        var priority = new MattermostPriority(
            section.Text("priority"), section.Flag("requested_ack"), section.Flag("persistent_notifications"));
        section.Done();
        return priority;
    }
}
