using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Targets;

/// <summary>Follows systemd's journal by way of <c>journalctl</c>, which every machine with a journal has.</summary>
internal sealed class JournalSource(JournalSourceOptions options, string? cursor, TimeProvider time) : ISource
{
    private const string Program = "journalctl";

    private static readonly string[] Keywords = ["emerg", "alert", "crit", "error", "warning", "notice", "info", "debug"];

    public bool CanWait => true;

    public async Task RunAsync(Func<SourceEntry, ValueTask<bool>> put, CancellationToken cancellation)
    {
        if (!IsThere())
        {
            throw new FileNotFoundException($"there is no {Program} on this machine, so there is no journal to follow");
        }
        using var process = Process.Start(Start()) ?? throw new IOException($"{Program} does not start");
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
            {
                if (Read(line) is { } entry)
                {
                    await put(entry).ConfigureAwait(false);
                }
            }
            throw new IOException($"{Program} has ended: {(await process.StandardError.ReadToEndAsync(cancellation).ConfigureAwait(false)).Trim()}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>An entry as <c>journalctl -o json</c> writes it: every value is text, or a list of bytes where it is none.</summary>
    internal SourceEntry? Read(string line)
    {
        using var json = JsonDocument.Parse(line);
        var labels = new LabelSetBuilder(options.Labels);
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in json.RootElement.EnumerateObject())
        {
            if (Text(field.Value) is { } value)
            {
                fields[field.Name] = value;
                labels.Set($"__journal_{field.Name.ToLowerInvariant()}", value);
            }
        }
        if (fields.TryGetValue("PRIORITY", out var priority) && int.TryParse(priority, out var number) && number is >= 0 and < 8)
        {
            labels.Set("__journal_priority_keyword", Keywords[number]);
        }
        if (!fields.TryGetValue("MESSAGE", out var message) && !options.AsJson)
        {
            return null;
        }
        var timeNs = fields.TryGetValue("__REALTIME_TIMESTAMP", out var told) && long.TryParse(told, out var microseconds)
            ? microseconds * 1000 : (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        return new SourceEntry(labels.Build(), timeNs, options.AsJson ? JsonSerializer.Serialize(fields) : message!, fields.GetValueOrDefault("__CURSOR"));
    }

    private static bool IsThere() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(static folder => folder.Length > 0 && File.Exists(Path.Combine(folder, Program)));

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array when value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.Number) =>
            Encoding.UTF8.GetString([.. value.EnumerateArray().Select(static item => item.TryGetByte(out var b) ? b : (byte)'?')]),
        _ => null,
    };

    private ProcessStartInfo Start()
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])["--follow", "--no-pager", "--output=json", "--all"])
        {
            start.ArgumentList.Add(argument);
        }
        if (options.Path.Length > 0)
        {
            start.ArgumentList.Add($"--directory={options.Path}");
        }
        start.ArgumentList.Add(cursor is not null ? $"--after-cursor={cursor}"
            : string.Create(CultureInfo.InvariantCulture, $"--since=@{(time.GetUtcNow() - options.MaxAge).ToUnixTimeSeconds()}"));
        foreach (var match in options.Matches.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            start.ArgumentList.Add(match);
        }
        return start;
    }
}
