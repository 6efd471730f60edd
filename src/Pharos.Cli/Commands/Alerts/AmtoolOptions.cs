using System.CommandLine;
using Pharos.Server.Configuration.Alertmanager;

namespace Pharos.Cli.Commands.Alerts;

/// <summary>The flags that all of amtool's verbs have. Each may stand in a file too; the command line goes before it.</summary>
internal sealed class AmtoolOptions
{
    private readonly Option<string?> _url = new("--alertmanager.url") { Description = "Where Alertmanager's API is.", Recursive = true };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "simple, extended or json.", Recursive = true };
    private readonly Option<string?> _date = new("--date.format") { Description = "How dates are written, as a layout of Go.", Recursive = true };
    private readonly Option<string?> _timeout = new("--timeout") { Description = "How long a request may take; 30s.", Recursive = true };
    private readonly Option<string?> _http = new("--http.config.file") { Description = "How to connect: the keys of http_config.", Recursive = true };
    private readonly Option<bool> _versionCheck = new("--version-check") { Description = "Accepted; every version is asked alike.", Recursive = true };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Accepted.", Recursive = true };

    /// <summary>Where amtool looks, as its authors build it and as Debian does; a later one goes before an earlier one.</summary>
    private static IEnumerable<string> Files
    {
        get
        {
            var home = Environment.GetEnvironmentVariable("HOME") ?? "";
            return ["/etc/prometheus/amtool.yml", "/etc/amtool/config.yml",
                Path.Combine(home, ".config/prometheus/amtool.yml"), Path.Combine(home, ".config/amtool/config.yml")];
        }
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_url, _output, _date, _timeout, _http, _versionCheck, _verbose])
        {
            command.Add(option);
        }
    }

    /// <summary>Whether the command line itself names a server.</summary>
    public bool NamesServer(ParseResult parsed) => parsed.GetValue(_url) is not null;

    /// <exception cref="FormatException">A value is wrong.</exception>
    public AmtoolSettings Read(ParseResult parsed)
    {
        var file = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Files.Where(File.Exists))
        {
            foreach (var (flag, value) in AmtoolFile.Read(path))
            {
                file[flag] = value;
            }
        }
        string? Value(Option<string?> option) => parsed.GetValue(option) ?? file.GetValueOrDefault(option.Name.TrimStart('-'));
        var requires = file.GetValueOrDefault("require-comment") ?? file.GetValueOrDefault("comment_required") ?? "true";
        return new AmtoolSettings
        {
            Url = Value(_url) ?? Asking.DefaultServer,
            Output = AmtoolSettings.ParseOutput(Value(_output) ?? "simple"),
            DateFormat = Value(_date) ?? "2006-01-02 15:04:05 MST",
            Timeout = DurationArgument.Parse(Value(_timeout) ?? "30s"),
            HttpConfigFile = Value(_http),
            Author = file.GetValueOrDefault("author") ?? Environment.UserName,
            RequiresComment = !string.Equals(requires, "false", StringComparison.OrdinalIgnoreCase),
        };
    }
}
