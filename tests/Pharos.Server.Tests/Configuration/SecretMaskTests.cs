using Pharos.Server.Configuration.Alertmanager;

namespace Pharos.Server.Tests.Configuration;

public sealed class SecretMaskTests
{
    [Fact]
    public void A_files_text_shows_neither_secrets_nor_comments_and_keeps_its_lines()
    {
        const string Yaml = """
            # 🚨 a comment with hunter2
            # password: hunter2
            scrape_configs:
            - job_name: '# 🚨'
              basic_auth: {username: u, password: "hunter2"}   # was hunter2
              proxy_url: http://me:hunter2@proxy:3128 # hunter2
            - job_name: b#c
              authorization:
                credentials: |
                  hunter2
                  hunter2
              consul_sd_configs: [{token: hunter2, server: 'h:1'}]
            remote_write:
            - url: http://me:hunter2@host/push
            """;
        const string Masked = """


            scrape_configs:
            - job_name: '# 🚨'
              basic_auth: {username: u, password: <secret>}
              proxy_url: <secret>
            - job_name: b#c
              authorization:
                credentials: <secret>
              consul_sd_configs: [{token: <secret>, server: 'h:1'}]
            remote_write:
            - url: http://me:<secret>@host/push
            """;
        Assert.Equal(Masked, ConfigFiles.Prometheus(Yaml).Files[0].TextWithoutSecrets);
    }

    [Fact]
    public void A_value_of_several_lines_keeps_its_number_signs()
    {
        const string Yaml = "route: {receiver: r}\nreceivers:\n- name: r\n  slack_configs:\n  - api_url: https://x/hunter2\n    channel: '#a # b'\n" +
            "    text: |\n      # one\n      two # three\n    title: four#five # hunter2\n  # hunter2\n";
        Assert.Equal("route: {receiver: r}\nreceivers:\n- name: r\n  slack_configs:\n  - api_url: <secret>\n    channel: '#a # b'\n" +
            "    text: |\n      # one\n      two # three\n    title: four#five\n\n",
            AlertmanagerFile.ReadText("a.yml", Yaml).Report.TextWithoutSecrets);
    }

    [Fact]
    public void Webhook_addresses_are_secrets()
    {
        var result = AlertmanagerFile.ReadText("a.yml", """
            global: {slack_api_url: 'https://hooks.example/hunter2'}
            route: {receiver: r}
            receivers: [{name: r, webhook_configs: [{url: 'https://x/hunter2'}], discord_configs: [{webhook_url: 'https://x/hunter2'}]}]
            """);
        Assert.NotNull(result.Config);
        Assert.DoesNotContain("hunter2", result.Report.TextWithoutSecrets, StringComparison.Ordinal);
    }
}
