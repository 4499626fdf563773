using Pipeline.Cli.Configuration;

namespace Pipeline.Tests.Cli;

public sealed class SettingsLoaderTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"settings-{Guid.NewGuid():n}.yaml");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Load_gives_the_records_own_defaults_when_nothing_is_given()
    {
        LoadedSettings<SampleSettings> settings = SettingsLoader.Load<SampleSettings>(SettingsSources.None);

        Assert.Equal(4, settings.Value.Ingest.Fps);
        Assert.Equal(TimeSpan.FromSeconds(2), settings.Value.Tracker.MaxLost);
        Assert.Equal(["trash"], settings.Value.Ingest.Skip);
        Assert.Equal("UTC", settings.Value.Ingest.Cameras["dock"].Zone);
        Assert.All(settings.InForce(), s => Assert.Equal(SettingLayer.Default, s.Origin.Layer));
    }

    [Fact]
    public void Load_reads_every_kind_of_value_from_yaml()
    {
        SampleSettings settings = Load("""
            # a comment
            tracker:
              max_lost_ms: 1500.5
              min_iou: .5
              seed: 7
              enabled: false
              day: Friday
              limit: 6000000000
            ingest:
              skip: [a.mp4, "b: c.mp4"]
              cameras:
                dock: { fps: 3 }
                "Front Door.old": { zone: null }
                yard:
              links:
                - { from: a, to: b, at_least_ms: 250 }
                - from: b
              weights: { x: 2 }
            mqtt: { password: 1234 }
            """).Value;

        Assert.Equal(TimeSpan.FromMilliseconds(1500.5), settings.Tracker.MaxLost);
        Assert.Equal((0.5f, 7, false, DayOfWeek.Friday, 6_000_000_000L), (settings.Tracker.MinIoU, settings.Tracker.Seed, settings.Tracker.Enabled, settings.Tracker.Day, settings.Tracker.Limit));
        Assert.Equal(["a.mp4", "b: c.mp4"], settings.Ingest.Skip);
        Assert.Equal(new SampleCamera { Fps = 3, Zone = "UTC" }, settings.Ingest.Cameras["dock"]);
        Assert.Equal(["dock", "Front Door.old", "yard"], settings.Ingest.Cameras.Keys);
        Assert.Equal(new SampleLink { From = "a", To = "b", AtLeast = TimeSpan.FromMilliseconds(250) }, settings.Ingest.Links[0]);
        Assert.Equal("b", settings.Ingest.Links[1].From);
        Assert.Equal(2, settings.Ingest.Weights["x"]);
        Assert.Equal("1234", settings.Mqtt.Password);
    }

    [Fact]
    public void Load_takes_defaults_then_file_then_environment_then_flags_and_knows_which()
    {
        File.WriteAllText(_file, "tracker:\n  seed: 1\n  limit: 1\n  min_iou: 0.1\n");
        SettingsSources sources = new(
            _file,
            new Dictionary<string, string> { ["REID_TRACKER_LIMIT"] = "2", ["REID_TRACKER_MIN_IOU"] = "0.2", ["PATH"] = "/bin" },
            [new SettingFlag("tracker.min_iou", "0.25", "--min-iou")]);

        LoadedSettings<SampleSettings> settings = SettingsLoader.Load<SampleSettings>(sources);

        Assert.Equal((1, 2L, 0.25f), (settings.Value.Tracker.Seed, settings.Value.Tracker.Limit, settings.Value.Tracker.MinIoU));
        Assert.Equal($"{_file}:2:9", settings.OriginOf("tracker.seed").Where);
        Assert.Equal("REID_TRACKER_LIMIT", settings.OriginOf("tracker.limit").Where);
        Assert.Equal("--min-iou", settings.OriginOf("tracker.min_iou").Where);
        Assert.Equal("default", settings.OriginOf("tracker.enabled").Where);
        Assert.Empty(settings.Notices);
    }

    [Fact]
    public void Load_reports_everything_that_is_wrong_together_with_places_and_remedies()
    {
        SettingsException error = Assert.Throws<SettingsException>(() => Load("""
            trakcer: {}
            tracker:
              max_lost: 5
              min_iou: 3
              seed: 1.5
              seed: 2
              enabled: yess
              day: Fridag
              limit:
                - 4
              max_lost_ms: soon
            fps: 3
            ingest:
              cameras:
                dock: { fsp: 1 }
            mqtt: plain
            """));

        Assert.Equal(
            [
                $"{_file}:1:1: unknown key 'trakcer'. Did you mean 'tracker'?",
                $"{_file}:3:3: unknown key 'tracker.max_lost'. Did you mean 'tracker.max_lost_ms'?",
                $"{_file}:5:9: tracker.seed: a whole number is needed, got '1.5'. Correct it, or leave it out.",
                $"{_file}:6:3: duplicate key 'tracker.seed', given in line 5 before. Keep one of them.",
                $"{_file}:7:12: tracker.enabled: true or false is needed, got 'yess'. Correct it, or leave it out to get true.",
                $"{_file}:8:8: tracker.day: one of sunday, monday, tuesday, wednesday, thursday, friday, saturday is needed, got 'Fridag'. Correct it, or leave it out to get monday.",
                $"{_file}:10:5: tracker.limit: a whole number is needed, got a list. Correct it, or leave it out to get 5000000000.",
                $"{_file}:11:16: tracker.max_lost_ms: a number of milliseconds is needed, got 'soon'. Correct it, or leave it out to get 2000.",
                $"{_file}:12:1: unknown key 'fps'. Did you mean 'ingest.fps'?",
                $"{_file}:15:13: unknown key 'ingest.cameras.dock.fsp'. Did you mean 'ingest.cameras.dock.fps'?",
                $"{_file}:16:7: mqtt: a section with keys of broker, password is needed, got 'plain'. Correct it, or leave it out.",
                $"{_file}:4:12: tracker.min_iou: 0 to 1, got 3. Correct it, or leave it out to get 0.3.",
            ],
            error.Problems.OrderBy(p => p.Contains("0 to 1", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("tracker:\n\tseed: 1", ":2:1: no valid YAML: While scanning a mapping, found invalid tab as indentation")]
    [InlineData("tracker: [", "no valid YAML")]
    [InlineData("a: *nobody", "the alias *nobody refers to nothing")]
    [InlineData("---\ntracker: {}\n---\ntracker: {}\n", "a second document begins here")]
    [InlineData("- tracker", ":1:1: a section with keys of tracker, ingest, mqtt is needed, got a list")]
    [InlineData("tracker: { min_iou: .nan }", "a number is needed, got '.nan'")]
    [InlineData("tracker: { seed: 99999999999 }", "a whole number is needed, got '99999999999'")]
    [InlineData("tracker: { enabled: }", "true or false is needed, got nothing")]
    [InlineData("ingest: { weights: { x: } }", "a whole number is needed, got nothing")]
    public void Load_names_the_place_of_a_fault(string yaml, string said)
    {
        SettingsException error = Assert.Throws<SettingsException>(() => Load(yaml));

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(_file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_says_of_any_garbage_that_it_is_wrong_and_nothing_worse()
    {
        const string good = "tracker:\n  seed: 3 # why\n  day: monday\ningest:\n  skip: [a, \"b\"]\n  cameras: { dock: { fps: 3 } }\n  links:\n    - from: a\n      to: 'b'\n";
        const string odd = "\n\t :[]{}-,'\"&*!|>%@`#?\0\u0085x";
        Random random = new(5);
        int refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            char[] text = good.ToCharArray();
            for (int edits = random.Next(1, 5); edits > 0; edits--)
            {
                text[random.Next(text.Length)] = odd[random.Next(odd.Length)];
            }

            try
            {
                Load(new string(text));
            }
            catch (SettingsException e)
            {
                refused++;
                Assert.All(e.Problems, p => Assert.StartsWith(_file, p, StringComparison.Ordinal));
            }
        }

        Assert.InRange(refused, 300, 1000);
    }

    [Fact]
    public void Load_does_not_die_of_deep_nesting()
    {
        SettingsException error = Assert.Throws<SettingsException>(() => Load("a: " + new string('[', 5000)));

        Assert.Contains("nested more than 32 levels deep", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("tracker:\n  # seed: 1\n")]
    public void Load_takes_an_empty_file_or_section_as_nothing(string yaml)
    {
        Assert.Equal(new SampleTracker(), Load(yaml).Value.Tracker);
    }

    [Fact]
    public void Load_says_so_when_the_file_is_not_there_or_is_a_folder()
    {
        SettingsException missing = Assert.Throws<SettingsException>(() => SettingsLoader.Load<SampleSettings>(new SettingsSources("/nowhere/x.yaml", new Dictionary<string, string>(), [])));

        SettingsException folder = Assert.Throws<SettingsException>(() => SettingsLoader.Load<SampleSettings>(new SettingsSources("/tmp", new Dictionary<string, string>(), [])));

        Assert.Equal("cannot read '/nowhere/x.yaml': no such file. Check --config, or leave it out.", missing.Message);
        Assert.Equal("cannot read '/tmp': it is a folder. Name a YAML file with --config.", folder.Message);
    }

    [Fact]
    public void Load_takes_flags_for_any_key_even_under_the_users_names()
    {
        LoadedSettings<SampleSettings> settings = Flags(("ingest.cameras.yard.fps", "9"), ("ingest.cameras.dock.zone", "CET"), ("tracker.seed", "-4"));

        Assert.Equal(9, settings.Value.Ingest.Cameras["yard"].Fps);
        Assert.Equal(new SampleCamera { Fps = 2, Zone = "CET" }, settings.Value.Ingest.Cameras["dock"]);
        Assert.Equal(-4, settings.Value.Tracker.Seed);
    }

    [Fact]
    public void Load_lets_flags_replace_a_list_and_grow_it()
    {
        Assert.Equal(["a", "b", "c"], Flags(("ingest.skip", "a"), ("ingest.skip", "[b, c]")).Value.Ingest.Skip);
        Assert.Empty(Flags(("ingest.skip", "[]")).Value.Ingest.Skip);
    }

    [Fact]
    public void Load_refuses_wrong_flags_with_the_nearest_key()
    {
        SettingsException error = Assert.Throws<SettingsException>(() => Flags(
            ("tracker.seeed", "1"), ("tracker.seed", "x"), ("tracker.limit", "1"), ("tracker.limit", "2"), ("ingest.cameras", "x"), ("nonsense.key.deep", "1")));

        Assert.Equal(
            [
                "--tracker.seeed: unknown key 'tracker.seeed'. Did you mean 'tracker.seed'?",
                "--tracker.seed: tracker.seed: a whole number is needed, got 'x'. Correct it, or leave it out.",
                "--tracker.limit: given twice, '1' with --tracker.limit and '2'. Keep one of them.",
                "--ingest.cameras: ingest.cameras holds several keys. Set it in the YAML file, or name one key: ingest.cameras.KEY.",
                "--nonsense.key.deep: unknown key 'nonsense.key.deep'. Known here: tracker, ingest, mqtt.",
            ],
            error.Problems);
    }

    [Fact]
    public void Load_notices_variables_that_name_no_setting()
    {
        LoadedSettings<SampleSettings> settings = SettingsLoader.Load<SampleSettings>(
            new SettingsSources(null, new Dictionary<string, string> { ["REID_TRACKER_SEEED"] = "1", ["REID_CONFIG"] = "x" }, []));

        Assert.Equal(["REID_TRACKER_SEEED: this variable names no setting and is ignored. Did you mean REID_TRACKER_SEED?"], settings.Notices);
    }

    [Fact]
    public void Secrets_and_credentials_are_never_shown()
    {
        LoadedSettings<SampleSettings> settings = Flags(("mqtt.password", "hunter2"), ("mqtt.broker", "mqtt://me:hunter2@10.0.0.4:1883"));

        string shown = string.Join('\n', SettingsText.InForce(settings.InForce()).Select(l => l.Text));

        Assert.Equal("hunter2", settings.Value.Mqtt.Password);
        Assert.DoesNotContain("hunter2", shown, StringComparison.Ordinal);
        Assert.Contains("# password: (set, not shown)", shown, StringComparison.Ordinal);
        Assert.Contains("mqtt://***@10.0.0.4:1883", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_shown_is_a_file_that_gives_the_same_settings()
    {
        SampleSettings before = Load("""
            tracker: { max_lost_ms: 12.25, seed: 3, day: sunday }
            ingest:
              skip: ["true", "5", "a: b", "", "x # y", "null", "-"]
              cameras: { "a.b": { fps: 1.5, zone: "no\tne" }, dock: { zone: null } }
            """).Value;
        IEnumerable<SettingInForce> shown = Load(File.ReadAllText(_file)).InForce().Where(s => !s.Key.EndsWith(".zone", StringComparison.Ordinal));

        SampleSettings after = Load(string.Join('\n', SettingsText.InForce([.. shown]).Select(l => l.Text))).Value;

        Assert.Equal(before.Tracker, after.Tracker);
        Assert.Equal(before.Ingest.Skip, after.Ingest.Skip);
        Assert.Equal(1.5, after.Ingest.Cameras["a.b"].Fps);
    }

    [Fact]
    public void A_path_given_in_the_file_is_relative_to_the_file()
    {
        LoadedSettings<SampleSettings> settings = Load("mqtt: { broker: x/y }");

        Assert.Equal(Path.Combine(Path.GetDirectoryName(_file)!, "x/y"), settings.Resolve("mqtt.broker", settings.Value.Mqtt.Broker));
        Assert.Equal(Path.GetFullPath("x/y"), settings.Resolve("mqtt.password", "x/y"));
    }

    [Fact]
    public void The_product_s_settings_hold_only_kinds_that_can_be_written()
    {
        string template = SettingsText.Template(typeof(Settings));
        string taken = string.Join('\n', template.Split('\n').Select(l => l.Contains("#   ", StringComparison.Ordinal) ? "" : Uncommented(l)));

        IReadOnlyList<SettingInForce> fromTemplate = Load<Settings>(taken).InForce();

        Assert.Equal(SettingsLoader.Load<Settings>(SettingsSources.None).InForce().Select(s => (s.Key, s.Value)), fromTemplate.Select(s => (s.Key, s.Value)));
        Assert.All(fromTemplate.Select(s => SettingsLoader.VariableOf(s.Key)).GroupBy(v => v), g => Assert.Single(g));
    }

    [Fact]
    public void Every_setting_of_the_product_is_explained()
    {
        IEnumerable<string> bare = SettingSchema.Of(typeof(Settings)).Leaves().Where(l => SettingDocs.Of(l.Schema.Property!).Length == 0).Select(l => l.Path);

        Assert.Empty(bare);
    }

    [Fact]
    public void Every_short_flag_stands_for_a_key()
    {
        SettingSchema root = SettingSchema.Of(typeof(Settings));

        Assert.All(ShortFlag.All, flag => Assert.True(root.At(KeyPath.Split(flag.Key)) is { Shape: SettingShape.Scalar or SettingShape.List }, flag.Key));
        Assert.All(ShortFlag.All.GroupBy(f => f.Name), g => Assert.Single(g));
    }

    [Theory]
    [InlineData("MaxLost", "max_lost")]
    [InlineData("MinIoU", "min_iou")]
    [InlineData("ReidModel", "reid_model")]
    [InlineData("TLSFile", "tls_file")]
    [InlineData("Fps", "fps")]
    public void Snake_writes_a_property_as_a_key(string name, string key)
    {
        Assert.Equal(key, SettingSchema.Snake(name));
    }

    [Theory]
    [InlineData("a", 0)]
    [InlineData("ab", 1)]
    [InlineData("", 1)]
    [InlineData("A", 0)]
    [InlineData("b", 1)]
    public void Distance_counts_edits(string other, int distance)
    {
        Assert.Equal(distance, NearestKey.Distance("a", other));
    }

    [Fact]
    public void Distance_counts_a_swap_as_one_and_takes_dashes_for_underscores()
    {
        Assert.Equal(1, NearestKey.Distance("trakcer", "tracker"));
        Assert.Equal(0, NearestKey.Distance("max-lost", "max_lost"));
    }

    private static string Uncommented(string line)
    {
        int mark = line.IndexOf("# ", StringComparison.Ordinal);
        bool isKey = mark >= 0 && line.AsSpan(mark + 2).IndexOf(": ") is > 0 and int colon && !line.AsSpan(mark + 2, colon).Contains(' ');
        return isKey ? line.Remove(mark, 2) : mark >= 0 ? "" : line;
    }

    private static LoadedSettings<SampleSettings> Flags(params (string Key, string Text)[] flags) => SettingsLoader.Load<SampleSettings>(
        new SettingsSources(null, new Dictionary<string, string>(), [.. flags.Select(f => new SettingFlag(f.Key, f.Text, "--" + f.Key))]));

    private LoadedSettings<SampleSettings> Load(string yaml) => Load<SampleSettings>(yaml);

    private LoadedSettings<T> Load<T>(string yaml)
        where T : class, new()
    {
        File.WriteAllText(_file, yaml);
        return SettingsLoader.Load<T>(new SettingsSources(_file, new Dictionary<string, string>(), []));
    }
}
