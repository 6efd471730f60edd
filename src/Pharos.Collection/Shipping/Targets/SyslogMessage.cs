using System.Text;
using Pharos.Collection.Shipping.Stages.Times;
using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Targets;

/// <summary>A syslog message taken apart.</summary>
internal sealed class SyslogMessage
{
    private static readonly string[] Severities = ["emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug"];

    private static readonly string[] Facilities =
    [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp", "security", "console",
        "solaris-cron", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ];

    private const string Nothing = "-";

    private int _priority;

    public long? TimeNs { get; private set; }

    public string Text { get; private set; } = "";

    public string Hostname { get; private set; } = "";

    public string AppName { get; private set; } = "";

    public string ProcId { get; private set; } = "";

    public string MsgId { get; private set; } = "";

    /// <summary>Names as <c>id_name</c>.</summary>
    public List<KeyValuePair<string, string>> StructuredData { get; } = [];

    /// <summary><c>&lt;165&gt;1 2018-10-11T22:14:15.003Z host app 1234 ID47 [ex@1 a="b"] text</c>; null for what is none.</summary>
    public static SyslogMessage? ParseRfc5424(string message)
    {
        var parsed = new SyslogMessage();
        var at = parsed.ReadPriority(message);
        if (at < 0)
        {
            return null;
        }
        var header = message[at..].Split(' ', 7);
        if (header.Length < 7 || header[0] is not ("1" or "2" or "3"))
        {
            return null;
        }
        if (header[1] != Nothing)
        {
            if (!GoLayoutParser.TryParse(GoLayouts.Rfc3339Nano, header[1], out var time))
            {
                return null;
            }
            parsed.TimeNs = time.UnixNs;
        }
        (parsed.Hostname, parsed.AppName, parsed.ProcId, parsed.MsgId) = (Value(header[2]), Value(header[3]), Value(header[4]), Value(header[5]));
        return parsed.ReadStructuredData(header[6]) ? parsed : null;
    }

    /// <summary><c>&lt;34&gt;Oct 11 22:14:15 host app[12]: text</c>; null for what has no priority.</summary>
    public static SyslogMessage? ParseRfc3164(string message, DateTimeOffset now)
    {
        var parsed = new SyslogMessage();
        var at = parsed.ReadPriority(message);
        if (at < 0)
        {
            return null;
        }
        var rest = message[at..];
        var layout = new TimestampFormat("Jan _2 15:04:05", TimeZoneInfo.Utc);
        if (rest.Length > 15 && rest[15] == ' ' && layout.TryParse(rest[..15], now, out var timeNs))
        {
            parsed.TimeNs = timeNs;
            rest = rest[16..];
            var blank = rest.IndexOf(' ', StringComparison.Ordinal);
            if (blank > 0)
            {
                parsed.Hostname = rest[..blank];
                rest = rest[(blank + 1)..];
            }
        }
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && !rest.AsSpan(0, colon).Contains(' '))
        {
            var tag = rest[..colon];
            var bracket = tag.IndexOf('[', StringComparison.Ordinal);
            parsed.AppName = bracket < 0 ? tag : tag[..bracket];
            parsed.ProcId = bracket < 0 ? "" : tag[(bracket + 1)..].TrimEnd(']');
            rest = rest[(colon + 1)..].TrimStart(' ');
        }
        parsed.Text = rest;
        return parsed;
    }

    /// <summary>A message that is taken as it is.</summary>
    public static SyslogMessage Raw(string message) => new() { Text = message, _priority = -1 };

    public void AddTo(LabelSetBuilder labels, bool withStructuredData)
    {
        if (_priority >= 0)
        {
            labels.Set("__syslog_message_severity", Severities[_priority & 7]);
            labels.Set("__syslog_message_facility", Facilities[_priority >> 3]);
        }
        labels.Set("__syslog_message_hostname", Hostname);
        labels.Set("__syslog_message_app_name", AppName);
        labels.Set("__syslog_message_proc_id", ProcId);
        labels.Set("__syslog_message_msg_id", MsgId);
        foreach (var (name, value) in withStructuredData ? StructuredData : [])
        {
            labels.Set($"__syslog_message_sd_{Clean(name)}", value);
        }
    }

    public static string? Severity(long number) => number is >= 0 and < 8 ? Severities[number] : null;

    private static string Clean(string name) => string.Concat(name.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static string Value(string field) => field == Nothing ? "" : field;

    /// <summary>Where the priority ends, -1 where there is none.</summary>
    private int ReadPriority(string message)
    {
        var end = message.IndexOf('>', StringComparison.Ordinal);
        return end is >= 2 and <= 4 && message[0] == '<' && int.TryParse(message.AsSpan(1, end - 1), out _priority) && _priority is >= 0 and <= 191
            ? end + 1 : -1;
    }

    private bool ReadStructuredData(string text)
    {
        var at = 0;
        if (text.StartsWith(Nothing, StringComparison.Ordinal))
        {
            at = 1;
        }
        else if (!text.StartsWith('['))
        {
            return false;
        }
        while (at < text.Length && text[at] == '[')
        {
            if (!ReadElement(text, ref at))
            {
                return false;
            }
        }
        Text = at < text.Length && text[at] == ' ' ? text[(at + 1)..].TrimStart('\uFEFF') : "";
        return true;
    }

    private bool ReadElement(string text, ref int at)
    {
        var start = ++at;
        while (at < text.Length && text[at] is not (' ' or ']'))
        {
            at++;
        }
        var id = text[start..Math.Min(at, text.Length)];
        while (at < text.Length && text[at] == ' ')
        {
            var equals = text.IndexOf("=\"", at, StringComparison.Ordinal);
            if (equals < 0)
            {
                return false;
            }
            var name = text[(at + 1)..equals];
            var value = new StringBuilder();
            for (at = equals + 2; at < text.Length && text[at] != '"'; at++)
            {
                at += text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\\' or ']' && text[at] == '\\' ? 1 : 0;
                value.Append(text[at]);
            }
            at++;
            StructuredData.Add(new($"{id}_{name}", value.ToString()));
        }
        if (at >= text.Length || text[at] != ']')
        {
            return false;
        }
        at++;
        return true;
    }
}
