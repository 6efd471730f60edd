using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.Telegram;

/// <summary>One entry of <c>telegram_configs</c>, global defaults already applied.</summary>
public sealed record TelegramOptions
{
    public bool SendResolved { get; init; } = true;

    public string ApiUrl { get; init; } = "https://api.telegram.org";

    public required Secret BotToken { get; init; }

    /// <summary>The chat's number; it is no secret, but it may stand in a file.</summary>
    public required Secret ChatId { get; init; }

    /// <summary>A topic within the chat; 0: none.</summary>
    public int MessageThreadId { get; init; }

    /// <summary>A template.</summary>
    public string Message { get; init; } = """{{ template "telegram.default.message" . }}""";

    /// <summary>Whether the message arrives without a sound.</summary>
    public bool DisableNotifications { get; init; }

    /// <summary>HTML, Markdown, MarkdownV2, or empty for plain text.</summary>
    public string ParseMode { get; init; } = "HTML";

    /// <summary>The bound of one attempt; null leaves it to the caller.</summary>
    public TimeSpan? Timeout { get; init; }
}
