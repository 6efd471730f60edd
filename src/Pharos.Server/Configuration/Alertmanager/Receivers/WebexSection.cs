using Pharos.Alerting.Receivers.Webex;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Alertmanager.Receivers;

/// <summary>Reads one entry of <c>webex_configs</c>.</summary>
internal static class WebexSection
{
    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        map.ErrorUnless(map.Text("room_id").Length > 0, "room_id", "missing room_id on webex_config");
        map.ErrorUnless(map.Has("http_config") && http.Authorization is not null, "http_config", "missing webex_configs.http_config.authorization");
        var defaults = new WebexOptions { ApiUrl = "", RoomId = "" };
        var options = defaults with
        {
            SendResolved = map.Flag("send_resolved", defaults.SendResolved),
            ApiUrl = ApiUrl.Read(map, "api_url", global.WebexApiUrl),
            Message = map.Text("message", defaults.Message),
            RoomId = map.Text("room_id"),
        };
        return new IntegrationConfig(options, http, setup => new WebexNotifier(options, setup));
    }
}
