using Microsoft.Extensions.Logging;
using Pharos.Server.Configuration.Web;
using Pharos.Server.Hosting;

namespace Pharos.Server.Security;

/// <summary>The web configuration file while the server runs: read again when it has changed, at the next connection or request.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class WebAccess : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly ILogger _logger;
    private WebConfig? _current;
    private string _stamp = "";
    private volatile RequestRate? _rate;

    private WebAccess(string path, ILogger logger)
    {
        _path = path;
        _logger = logger;
    }

    public PasswordCheck Passwords { get; } = new();

    /// <summary>What holds now; null where the file is broken, and then nothing may be served: it could be what was meant
    /// to be behind a password.</summary>
    public WebConfig? Current
    {
        get
        {
            lock (_gate)
            {
                var stamp = FileStamps.Of(_path);
                if (stamp != _stamp)
                {
                    Read(stamp);
                }
                return _current;
            }
        }
    }

    /// <summary>Whether the rate of requests lets another one in.</summary>
    public bool AllowsRequest() => _rate?.Allows() ?? true;

    /// <param name="report">Takes one line per key that is accepted and not honoured.</param>
    /// <exception cref="ServerStartException">The file holds an error; the message names file, line and key.</exception>
    public static WebAccess Open(string path, ILogger logger, Action<string> report)
    {
        var result = WebConfigFile.Read(path);
        if (result.Config is not { } config)
        {
            throw new ServerStartException(string.Join('\n', result.Errors));
        }
        if (config.Tls is { } tls)
        {
            ServerCertificate.Check(tls, path);
        }
        foreach (var problem in result.Report.Problems)
        {
            report(problem.ToString());
        }
        return new WebAccess(path, logger);
    }

    public void Dispose() => Passwords.Dispose();

    private void Read(string stamp)
    {
        var result = WebConfigFile.Read(_path);
        _stamp = stamp;
        _current = result.Config;
        if (_current?.RateLimit != _rate?.Limit)
        {
            _rate = _current?.RateLimit is { } limit ? new RequestRate(limit, TimeProvider.System) : null;
        }
        foreach (var error in result.Errors)
        {
            _logger.LogError("Unable to parse web configuration: {Error}", error);
        }
    }
}
