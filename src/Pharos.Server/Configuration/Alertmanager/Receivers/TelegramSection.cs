using System.Globalization;
using Pharos.Alerting.Receivers.Telegram;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager.Receivers;

/// <summary>Reads one entry of <c>telegram_configs</c>.</summary>
internal static class TelegramSection
{
    private static readonly TelegramOptions Defaults = new() { BotToken = Secret.Inline(""), ChatId = Secret.Inline("") };

    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var token = map.SecretOrFile("bot_token", "bot_token_file") ?? global.TelegramBotToken;
        map.ErrorUnless(token is not null, "bot_token", "missing bot_token or bot_token_file on telegram_config");
        var options = new TelegramOptions
        {
            SendResolved = map.Flag("send_resolved", true),
            ApiUrl = ApiUrl.Read(map, "api_url", global.TelegramApiUrl),
            BotToken = token ?? Secret.Inline(""),
            ChatId = ReadChat(map),
            MessageThreadId = (int)Math.Clamp(map.Integer("message_thread_id"), int.MinValue, int.MaxValue),
            Message = map.Text("message", Defaults.Message),
            DisableNotifications = map.Flag("disable_notifications"),
            ParseMode = map.Text("parse_mode", Defaults.ParseMode),
            Timeout = GoDurationValue.ReadTimeout(map),
        };
        map.ErrorUnless(options.ParseMode is "" or "Markdown" or "MarkdownV2" or "HTML", "parse_mode",
            "unknown parse_mode on telegram_config, must be Markdown, MarkdownV2, HTML or empty string");
        return new IntegrationConfig(options, http, setup => new TelegramNotifier(options, setup));
    }

    private static Secret ReadChat(YamlMappingReader map)
    {
        var chat = map.Integer("chat_id");
        var file = map.Text("chat_id_file");
        map.ErrorUnless(chat != 0 || file.Length > 0, "chat_id", "missing chat_id or chat_id_file on telegram_config");
        map.ErrorUnless(chat == 0 || file.Length == 0, "chat_id_file", "at most one of chat_id & chat_id_file must be configured");
        return file.Length > 0 ? Secret.FromFile(map.Reading.Resolve(file)) : Secret.Inline(chat.ToString(CultureInfo.InvariantCulture));
    }
}
