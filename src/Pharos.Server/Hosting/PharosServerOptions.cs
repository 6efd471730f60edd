using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Pharos.Server.Hosting;

/// <summary>Everything that one server is started with; validated when it starts.</summary>
public sealed record PharosServerOptions
{
    /// <summary>A folder whose files are found by their content, or null. Files named one by one below win over it.</summary>
    public string? Folder { get; init; }

    /// <summary>prometheus.yml, or null.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>alertmanager.yml, or null.</summary>
    public string? AlertmanagerConfigFile { get; init; }

    /// <summary>Where everything is kept that outlives the process; null keeps all of it in memory (for tests).</summary>
    public string? DataPath { get; init; }

    /// <summary>Folder of the web interface's files, or null for the one beside the program.</summary>
    public string? UiFolder { get; init; }

    /// <summary>Folders and files of dashboards, beside those found in <see cref="Folder"/>.</summary>
    public IReadOnlyList<string> DashboardPaths { get; init; } = [];

    public IReadOnlyList<ListenAddress> Listen { get; init; } = [ListenAddress.Default];

    /// <summary>Where Alertmanager's API listens in addition, or null.</summary>
    public ListenAddress? AlertmanagerListen { get; init; }

    /// <summary>Makes a port of <see cref="AlertmanagerListen"/> that is in use a warning and no error.</summary>
    public bool FamiliarPortsAreOptional { get; init; }

    /// <summary>Where users reach this server, or null for host name and first port.</summary>
    public Uri? ExternalUrl { get; init; }

    /// <summary>The path before every path, with a slash in front and none behind; null takes it from
    /// <see cref="ExternalUrl"/>.</summary>
    public string? RoutePrefix { get; init; }

    public bool EnableLifecycle { get; init; }

    public bool EnableAdminApi { get; init; }

    public bool EnableRemoteWriteReceiver { get; init; }

    /// <summary>How long a server that stops goes on sending to remote storage; what is left goes on after the next start.</summary>
    public TimeSpan RemoteFlushDeadline { get; init; } = TimeSpan.FromSeconds(4);

    public int QueryMaxConcurrency { get; init; } = 20;

    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromMinutes(2);

    public int QueryMaxSamples { get; init; } = 50_000_000;

    public TimeSpan QueryLookback { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan RetentionTime { get; init; } = TimeSpan.FromDays(15);

    /// <summary>0 for no limit.</summary>
    public long RetentionSizeBytes { get; init; }

    /// <summary>Whether this is the demo: shown to the web interface.</summary>
    public bool Demo { get; init; }

    /// <summary>Puts further endpoints onto the server's routes, below the prefix.</summary>
    public IReadOnlyList<Action<IEndpointRouteBuilder>> MoreEndpoints { get; init; } = [];

    /// <summary>Every flag with its value, as <c>/api/v1/status/flags</c> shows them.</summary>
    public IReadOnlyDictionary<string, string> Flags { get; init; } = new Dictionary<string, string>();

    /// <summary>One line per file and per key that cannot be honoured, at start and at each reload.</summary>
    public Action<string> Report { get; init; } = _ => { };

    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
