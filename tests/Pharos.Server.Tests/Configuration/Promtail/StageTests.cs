namespace Pharos.Server.Tests.Configuration.Promtail;

/// <summary>Every pipeline stage with the results that its documentation gives.</summary>
public sealed class StageTests
{
    public static TheoryData<string, string, string> Cases => new()
    {
        // docker and cri
        { "- docker: {}", """{"log":"hello\n","stream":"stderr","time":"2019-04-30T02:12:41.8443515Z"}""", "{stream=\"stderr\"} hello\n @2019-04-30T02:12:41.844351500" },
        { "- docker: {}", "not json", "{} not json" },
        { "- cri: {}", "2019-01-01T01:00:00.000000001Z stderr F some log message", "{stream=\"stderr\"} some log message @2019-01-01T01:00:00.000000001" },
        { "- cri: {}", "2019-01-01T01:00:00+02:00 stdout F ", "{stream=\"stdout\"}  @2018-12-31T23:00:00" },
        { "- cri:", "2019 tty F nothing", "{} 2019 tty F nothing" },
        // json
        { "- json: {expressions: {out: message, lvl: level}}\n- labels: {lvl: }\n- output: {source: out}", """{"message":"m","level":"warn"}""", "{lvl=\"warn\"} m" },
        { "- json: {expressions: {a: x.y, n: num, l: list, t: ok}}\n- labels: {a: , n: , l: , t: }", """{"x":{"y":"deep"},"num":3000000000,"list":[1,"b"],"ok":true}""",
            "{a=\"deep\", l=\"[1,\\\"b\\\"]\", n=\"3000000000\", t=\"true\"} {\"x\":{\"y\":\"deep\"},\"num\":3000000000,\"list\":[1,\"b\"],\"ok\":true}" },
        { "- json: {expressions: {extra: }}\n- json: {expressions: {user: }, source: extra}\n- labels: {user: }", """{"extra":"{\"user\":\"marco\"}"}""",
            "{user=\"marco\"} {\"extra\":\"{\\\"user\\\":\\\"marco\\\"}\"}" },
        { "- json: {expressions: {a: }}\n- labels: {a: }", "plain", "{} plain" },
        { "- json: {expressions: {a: }, drop_malformed: true}", "plain", "dropped: malformed" },
        // logfmt
        { "- logfmt: {mapping: {level: , took: duration}}\n- labels: {level: , took: }", "level=warn msg=\"a b\" duration=5ms x", "{level=\"warn\", took=\"5ms\"} level=warn msg=\"a b\" duration=5ms x" },
        { "- logfmt: {mapping: {msg: }}\n- output: {source: msg}", "msg=\"a \\\"quoted\\\" b\" k=v", "{} a \"quoted\" b" },
        // regex
        { "- regex: {expression: '^(?P<ip>\\S+) (?P<user>\\S+)'}\n- labels: {ip: , user: }", "1.2.3.4 frank rest", "{ip=\"1.2.3.4\", user=\"frank\"} 1.2.3.4 frank rest" },
        { "- regex: {expression: '(?P<year>\\d+)', source: nothing}\n- labels: {year: }", "2019", "{} 2019" },
        { "- regex: {expression: '(?P<a>x)(?P<b>y)?', labels_from_groups: true}", "zx", "{a=\"x\"} zx" },
        // replace
        { "- replace: {expression: 'password (\\S+)', replace: '****'}", "user 1 password secret end", "{} user 1 password **** end" },
        { "- replace: {expression: '(\\d{2}.\\d{2}.\\d{2}.\\d{2}) - (\\S+)', replace: '{{ .Value | ToUpper }}'}", "11.11.11.11 - frank 12.12.12.12 - frank", "{} 11.11.11.11 - FRANK 12.12.12.12 - FRANK" },
        { "- json: {expressions: {level: }}\n- replace: {expression: '(\\w+)', source: level, replace: '{{ if eq .Value \"WARN\" }}{{ Replace .Value \"WARN\" \"OK\" -1 }}{{ else }}{{ .Value }}{{ end }}'}\n- labels: {level: }",
            """{"level":"WARN"}""", "{level=\"OK\"} {\"level\":\"WARN\"}" },
        { "- replace: {expression: '(?P<ip>\\d+\\.\\d+)', replace: '*IP*'}\n- labels: {ip: }", "at 1.2", "{ip=\"*IP*\"} at *IP*" },
        { "- replace: {expression: ' (\\S+)$', replace: ''}", "a b", "{} a " },
        // template
        { "- template: {source: new, template: 'hello world!'}\n- labels: {new: }", "l", "{new=\"hello world!\"} l" },
        { "- json: {expressions: {app: , level: }}\n- template: {source: app, template: '{{ .Value | ToUpper }} {{ .level }}'}\n- labels: {app: }", """{"app":"loki","level":"w"}""", "{app=\"LOKI w\"} {\"app\":\"loki\",\"level\":\"w\"}" },
        { "- template: {source: line, template: '[{{ .Entry }}]'}\n- output: {source: line}", "l", "{} [l]" },
        { "- template: {source: x, template: '{{ TrimPrefix \"foobar\" \"foo\" }}{{ regexReplaceAll \"(a*)b\" \"aab\" \"${1}c\" }}{{ trunc 2 \"xyz\" }}{{ default \"d\" .nope }}'}\n- output: {source: x}", "l", "{} baraacxyd" },
        { "- template: {source: x, template: '{{ Sha2Hash \"salt\" \"v\" | trunc 8 }}'}\n- output: {source: x}", "l", "{} 10613d36" },
        { "- json: {expressions: {a: }}\n- template: {source: a, template: ''}\n- labels: {a: }", """{"a":"v"}""", "{} {\"a\":\"v\"}" },
        // timestamp
        { "- json: {expressions: {t: }}\n- timestamp: {source: t, format: RFC3339}\n- output: {source: t}", """{"t":"2023-01-02T03:04:05.5+01:00"}""", "{} 2023-01-02T03:04:05.5+01:00 @2023-01-02T02:04:05.500000000" },
        { "- regex: {expression: '(?P<t>.*)'}\n- timestamp: {source: t, format: Unix}", "1700000000.123456789", "{} 1700000000.123456789 @2023-11-14T22:13:20.123456789" },
        { "- regex: {expression: '(?P<t>.*)'}\n- timestamp: {source: t, format: UnixMs}", "1700000000123", "{} 1700000000123 @2023-11-14T22:13:20.123000000" },
        { "- regex: {expression: '(?P<t>.*)'}\n- timestamp: {source: t, format: UnixUs}", "1700000000123456", "{} 1700000000123456 @2023-11-14T22:13:20.123456000" },
        { "- regex: {expression: '(?P<t>.*)'}\n- timestamp: {source: t, format: UnixNs}", "1700000000123456789", "{} 1700000000123456789 @2023-11-14T22:13:20.123456789" },
        { "- regex: {expression: '(?P<t>.*)'}\n- timestamp: {source: t, format: '02/Jan/2006:15:04:05 -0700'}", "10/Oct/2000:13:55:36 -0700", "{} 10/Oct/2000:13:55:36 -0700 @2000-10-10T20:55:36" },
        { "- regex: {expression: '(?P<t>.*)'}\n- timestamp: {source: t, format: '2006-01-02 15:04:05', location: America/New_York}", "2024-01-15 10:00:00", "{} 2024-01-15 10:00:00 @2024-01-15T15:00:00" },
        { "- regex: {expression: '(?P<t>.*)'}\n- timestamp: {source: t, format: '2006-01-02', fallback_formats: ['Jan _2 15:04:05', UnixMs]}", "Mar  9 08:00:00", "{} Mar  9 08:00:00 @2024-03-09T08:00:00" },
        { "- regex: {expression: '(?P<t>.*)'}\n- timestamp: {source: t, format: 'Jan _2 15:04:05'}", "Dec 24 08:00:00", "{} Dec 24 08:00:00 @2023-12-24T08:00:00" },
        { "- regex: {expression: '(?P<t>.*)'}\n- timestamp: {source: t, format: RubyDate}", "Mon Jan 02 15:04:05 -0700 2006", "{} Mon Jan 02 15:04:05 -0700 2006 @2006-01-02T22:04:05" },
        { "- regex: {expression: '(?P<t>.*)'}\n- timestamp: {source: t, format: RFC850}", "Monday, 02-Jan-06 15:04:05 UTC", "{} Monday, 02-Jan-06 15:04:05 UTC @2006-01-02T15:04:05" },
        { "- regex: {expression: '(?P<t>.*)'}\n- timestamp: {source: t, format: '3:04PM 2006-002'}", "1:30PM 2024-060", "{} 1:30PM 2024-060 @2024-02-29T13:30:00" },
        { "- regex: {expression: '(?P<t>.*)'}\n- timestamp: {source: t, format: RFC3339}", "yesterday", "{} yesterday" },
        // labels, metadata, tenant
        { "- static_labels: {a: b, c: }\n- labeldrop: [x]", "l", "{a=\"b\", keep=\"k\"} l" },
        { "- labelallow: [keep]", "l", "{keep=\"k\"} l" },
        { "- logfmt: {mapping: {trace: }}\n- structured_metadata: {trace_id: trace, keep: }", "trace=7", "{x=\"y\"} trace=7 trace_id=7,keep=k" },
        // drop
        { "- drop: {expression: '.*debug.*'}", "a debug line", "dropped: drop_stage" },
        { "- drop: {expression: '.*debug.*'}", "an info line", "{keep=\"k\", x=\"y\"} an info line" },
        { "- drop: {longer_than: 8}", "123456789", "dropped: drop_stage" },
        { "- drop: {longer_than: 8kb}", "123456789", "{keep=\"k\", x=\"y\"} 123456789" },
        { "- json: {expressions: {level: , msg: }}\n- drop: {source: level, value: debug, longer_than: 3, drop_counter_reason: noisy}", """{"level":"debug","msg":"m"}""", "dropped: noisy" },
        { "- json: {expressions: {level: , msg: }}\n- drop: {source: [level, msg], separator: '#', expression: '(error|debug)#.*loki.*'}", """{"level":"error","msg":"a loki b"}""", "dropped: drop_stage" },
        { "- json: {expressions: {time: , msg: }}\n- timestamp: {source: time, format: RFC3339}\n- drop: {older_than: 24h}", """{"time":"2024-03-08T12:00:00Z"}""", "dropped: drop_stage" },
        { "- json: {expressions: {level: }}\n- drop: {source: msg}", """{"level":"debug"}""", "{keep=\"k\", x=\"y\"} {\"level\":\"debug\"}" },
        // match
        { "- match: {selector: '{keep=\"k\"} |= \"l\"', stages: [{static_labels: {hit: yes}}]}", "l", "{hit=\"yes\", keep=\"k\", x=\"y\"} l" },
        { "- match: {selector: '{keep!=\"k\"}', stages: [{static_labels: {hit: yes}}]}", "l", "{keep=\"k\", x=\"y\"} l" },
        { "- match: {selector: '{x=~\"y|z\"} !~ \"m+\"', action: drop, drop_counter_reason: no}", "l", "dropped: no" },
        { "- pipeline: [{static_labels: {p: q}}, {labeldrop: [x]}]", "l", "{keep=\"k\", p=\"q\"} l" },
        // pack, decolorize, eventlogmessage
        { "- pack: {labels: [keep, nope], ingest_timestamp: false}", "a \"quoted\" <line>", """{x="y"} {"keep":"k","_entry":"a \"quoted\" \u003cline\u003e"}""" },
        { "- decolorize:", "\u001b[31mred\u001b[0m plain", "{keep=\"k\", x=\"y\"} red plain" },
        { "- json: {expressions: {message: }}\n- eventlogmessage: {drop_invalid_labels: true}\n- labels: {Type: , Overwritten: overwritten}", """{"message":"Type: Error\r\nbad key: 1\r\nTimestamp: now"}""", "{Type=\"Error\", keep=\"k\", x=\"y\"} {\"message\":\"Type: Error\\r\\nbad key: 1\\r\\nTimestamp: now\"}" },
        { "- sampling: {rate: 1}", "l", "{keep=\"k\", x=\"y\"} l" },
        { "- sampling: {rate: 0}", "l", "dropped: sampling_stage" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_stage_does_to_a_line_what_its_documentation_says(string stages, string line, string expected)
    {
        var withLabels = stages.Contains("keep", StringComparison.Ordinal) || expected.Contains("keep=", StringComparison.Ordinal)
            || expected.Contains("x=\"y\"", StringComparison.Ordinal) || stages.Contains("{x=~", StringComparison.Ordinal);
        var run = new StageRun(stages).Line(line, withLabels ? [("keep", "k"), ("x", "y")] : []);
        Assert.Equal(expected, run.Entries.Count == 0 ? $"dropped: {Assert.Single(run.Dropped)}" : run.Text(Assert.Single(run.Entries)));
    }

    [Fact]
    public void Parts_of_a_container_s_line_are_put_together_for_each_stream()
    {
        var run = new StageRun("- cri: {}")
            .Line("2019-05-07T18:57:50.904275087+00:00 stdout P part one ")
            .Line("2019-05-07T18:57:51.000000001+00:00 stderr P err ")
            .Line("2019-05-07T18:57:52.000000001+00:00 stdout F part two");
        Assert.Equal(["{stream=\"stdout\"} part one part two @2019-05-07T18:57:52.000000001"], run.Entries.Select(run.Text));
        var held = Assert.Single(run.Pipeline.Held());
        Assert.Equal(55, held.Start);
        run.Line("2019-05-07T18:57:53Z stderr F end");
        Assert.Equal("{stream=\"stderr\"} err end @2019-05-07T18:57:53", run.Text(1));
        Assert.Empty(run.Pipeline.Held());
    }

    [Fact]
    public void Parts_are_cut_where_they_grow_too_long()
    {
        var run = new StageRun("- cri: {max_partial_line_size: 5, max_partial_line_size_truncate: true}")
            .Line("2019-05-07T18:57:50Z stdout P abcd").Line("2019-05-07T18:57:50Z stdout F efgh");
        Assert.Equal("abcde", run.Entries[0].Line);
    }

    [Fact]
    public void Blocks_begin_at_first_lines_and_end_after_a_while()
    {
        var run = new StageRun("- multiline: {firstline: '^\\d', max_wait_time: 3s, max_lines: 3}")
            .Line("before").Line("1 a").Line(" b").Line("2 c");
        Assert.Equal(["before", "1 a\n b"], run.Entries.Select(entry => entry.Line));
        Assert.Equal([(0L, 7L), (7, 11), (11, 14)], run.Entries.SelectMany(entry => entry.Sources).Select(range => (range.Start, range.End)));
        run.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(2, run.Entries.Count);
        run.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("2 c", run.Entries[2].Line);
        run.Line("3").Line("x").Line("y").Line("z");
        Assert.Equal("3\nx\ny", run.Entries[3].Line);
        run.End();
        Assert.Equal("z", run.Entries[4].Line);
    }

    [Fact]
    public void A_time_that_cannot_be_read_follows_the_last_good_one_of_the_stream()
    {
        var run = new StageRun("- regex: {expression: '^(?P<t>\\S+)'}\n- timestamp: {source: t, format: UnixNs}")
            .Line("1000 a").Line("x b").Line("y c").Line("z d", ("other", "stream"));
        Assert.Equal([1000, 1001, 1002], run.Entries.Take(3).Select(entry => entry.TimeNs));
        Assert.Equal(StageRun.Now.ToUnixTimeMilliseconds(), run.Entries[3].TimeNs / 1_000_000);
    }

    [Fact]
    public void A_limit_drops_what_is_too_much_or_lets_the_source_wait()
    {
        var drops = new StageRun("- limit: {rate: 1, burst: 2, drop: true}").Line("1").Line("2").Line("3");
        Assert.Equal(["1", "2"], drops.Entries.Select(entry => entry.Line));
        drops.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(3, drops.Line("4").Entries.Count);
        var waits = new StageRun("- limit: {rate: 2, burst: 1}").Line("1").Line("2");
        Assert.Equal(TimeSpan.FromSeconds(0.5), waits.Pipeline.Context.Wait);
        var byLabel = new StageRun("- limit: {rate: 1, burst: 1, drop: true, by_label_name: app}")
            .Line("1", ("app", "a")).Line("2", ("app", "b")).Line("3", ("app", "a")).Line("4");
        Assert.Equal(["1", "2", "4"], byLabel.Entries.Select(entry => entry.Line));
    }

    [Fact]
    public void Tenants_come_from_a_value_a_label_or_the_file()
    {
        Assert.Equal("t1", new StageRun("- logfmt: {mapping: {who: }}\n- tenant: {source: who}").Line("who=t1").Entries[0].Tenant);
        Assert.Equal("t2", new StageRun("- tenant: {label: ns}").Line("l", ("ns", "t2")).Entries[0].Tenant);
        Assert.Equal("t3", new StageRun("- tenant: {value: t3}").Line("l").Entries[0].Tenant);
        Assert.Null(new StageRun("- tenant: {label: ns}").Line("l").Entries[0].Tenant);
    }

    [Theory]
    [InlineData("city", "geoip_maxmind_city.mmdb")]
    [InlineData("country", "geoip_maxmind_country.mmdb")]
    [InlineData("asn", "geoip_maxmind_asn.mmdb")]
    public void Addresses_are_found_in_databases(string type, string file)
    {
        var path = Path.GetFullPath(Path.Combine(TestFolders.Shared, "conformance", "loki", "misc", file));
        Assert.SkipUnless(File.Exists(path), "the database is not on this machine");
        var run = new StageRun($"- regex: {{expression: '^(?P<ip>\\S+)'}}\n- geoip: {{db: '{path}', source: ip, db_type: {type}}}")
            .Line("192.0.2.1 found").Line("10.0.0.1 not found");
        var labels = run.Entries[0].Labels;
        switch (type)
        {
            case "asn":
                Assert.Equal("1337", labels["geoip_autonomous_system_number"]);
                Assert.Equal("Just a Test", labels["geoip_autonomous_system_organization"]);
                break;
            case "country":
                Assert.Equal("United Kingdom", labels["geoip_country_name"]);
                Assert.Equal("EU", labels["geoip_continent_code"]);
                break;
            default:
                Assert.Equal("Europe", labels["geoip_continent_name"]);
                Assert.Equal("London", labels["geoip_city_name"]);
                Assert.NotEmpty(labels["geoip_location_latitude"]);
                break;
        }
        Assert.Empty(run.Entries[1].Labels.Labels);
    }
}
