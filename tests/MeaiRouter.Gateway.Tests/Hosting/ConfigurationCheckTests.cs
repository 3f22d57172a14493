using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Checking;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace MeaiRouter.Gateway.Tests.Hosting;

/// <summary>A configuration is explained without being served.</summary>
public sealed class ConfigurationCheckTests : IDisposable
{
    private const string Secret = "sk-of-acme-0123456789";

    private readonly string _folder = Directory.CreateTempSubdirectory("secrets").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_report_says_what_there_is_what_is_doubtful_and_where_a_request_would_go()
    {
        var report = ConfigurationCheck.Run(Configuration(), "fast");

        Assert.True(report.IsUsable);
        Assert.Equal(
            [
                "MeaiRouter:Gateway:Ledger: is not set, so what was spent is forgotten at every start, and limits begin anew.",
                "MeaiRouter:Providers:idle: no model has an endpoint there.",
                "MeaiRouter:Providers:idle:ApiKey: is not set, so its calls carry no key.",
                "MeaiRouter:Models:acme/small: the endpoint local is unpriced: what its calls cost is not known, and budgets in dollars refuse them.",
                "MeaiRouter:Routing:Policy: 'nobody' is no provider or endpoint that there is.",
            ],
            report.Warnings);
        Assert.Equal(
            """
            The configuration can be used.

            Warnings
              - WARNINGS

            Providers
              acme   https://llm.acme.example/v1  key from the configuration
              idle   https://idle.example/v1      no key
              local  http://127.0.0.1/v1          no key

            Models
              acme/small  (131,072 tokens)
                acme   small-v1  $0.5 in, $1.5 out per million tokens
                local  small     unpriced

            Aliases
              fast  -> acme/small:floor

            Gateway
              - keys for inference: team-a ($50 monthly)
              - no management key
              - the ledger is in memory

            Plan for 'fast'
              fast, by the strategy price:
              1.  acme/small  acme   small-v1  $0.5 in, $1.5 out per million tokens
              2.  acme/small  local  small     unpriced

            """.Replace("WARNINGS", string.Join("\n  - ", report.Warnings), StringComparison.Ordinal),
            report.ToString());
    }

    [Fact]
    public void No_form_of_the_report_holds_a_key_or_what_could_be_one()
    {
        var report = ConfigurationCheck.Run(Configuration(("MeaiRouter:Providers:idle:BaseUrl", "https://user:pass-word@idle.example/v1?token=to-ken")), "fast");

        foreach (var text in (string[])[report.ToString(), report.ToJson()])
            Assert.DoesNotContain((string[])[Secret, "sk-something-long", "pass-word", "to-ken"], secret => text.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public void The_report_as_JSON_has_the_plan_as_the_gateway_gives_it()
    {
        var json = JsonNode.Parse(ConfigurationCheck.Run(Configuration(), "acme/small:floor").ToJson())!;

        Assert.True((bool)json["usable"]!);
        Assert.Equal(("acme/small:floor", "acme", "small-v1", 0.5m), (
            (string?)json["plan"]!["requested"], (string?)json["plan"]!["candidates"]![0]!["provider"],
            (string?)json["plan"]!["candidates"]![0]!["provider_model"], (decimal?)json["plan"]!["candidates"]![0]!["price_per_million"]!["prompt"]));
    }

    [Fact]
    public void Errors_of_both_parts_are_told_together_and_a_model_that_nobody_serves_is_no_success()
    {
        var wrong = ConfigurationCheck.Run(Configuration(("MeaiRouter:Gateway:Keys:0:Key", "short"), ("MeaiRouter:Models:acme/small:Endpoints:0:Provider", "acmee")));
        Assert.False(wrong.IsUsable);
        Assert.Equal(
            ["MeaiRouter:Gateway:Keys:0:Key: has fewer than 8 characters. Use a long random one.", "MeaiRouter:Models:acme/small:Endpoints:0:Provider: 'acmee' is not a provider. Did you mean 'acme'?"],
            wrong.Errors);

        var missing = ConfigurationCheck.Run(Configuration(), "acme/smal");
        Assert.False(missing.IsUsable);
        Assert.EndsWith("Plan for 'acme/smal'\n  'acme/smal' is not a model of the catalogue. Did you mean 'acme/small'?\n", missing.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_can_lie_in_a_file_of_its_own_whose_last_line_end_is_not_part_of_it()
    {
        File.WriteAllText(Path.Combine(_folder, "MeaiRouter__Providers__idle__ApiKey"), " sk-from-a-file\r\n");
        var configuration = new ConfigurationBuilder().AddConfiguration(Configuration()).AddKeyPerFile(_folder).Build();

        var report = ConfigurationCheck.Run(configuration);

        Assert.Empty(report.Errors);
        Assert.Contains("key from the secret file MeaiRouter__Providers__idle__ApiKey", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_can_lie_in_the_environment_or_the_user_secrets_and_an_empty_value_means_not_set()
    {
        const string Prefix = "CONFIGURATION_CHECK_TEST_";
        var id = $"meairouter-test-{Guid.NewGuid():n}";
        var secrets = PathHelper.GetSecretsPathFromSecretsId(id);
        Directory.CreateDirectory(Path.GetDirectoryName(secrets)!);
        File.WriteAllText(secrets, """{ "MeaiRouter": { "Providers": { "local": { "ApiKey": "sk-of-local" } } } }""");
        Environment.SetEnvironmentVariable(Prefix + "MeaiRouter__Providers__idle__ApiKey", " sk-of-idle ");
        Environment.SetEnvironmentVariable(Prefix + "MeaiRouter__Providers__acme__ApiKey", " ");
        Environment.SetEnvironmentVariable(Prefix + "MeaiRouter__Models__acme/small__ContextLength", "9");
        var configuration = new ConfigurationBuilder().AddConfiguration(Configuration()).AddUserSecrets(id).AddEnvironmentVariables(Prefix).Build();

        var report = ConfigurationCheck.Run(configuration).ToString();
        Directory.Delete(Path.GetDirectoryName(secrets)!, recursive: true);

        Assert.Contains("key from the environment variable MeaiRouter__Providers__idle__ApiKey", report, StringComparison.Ordinal);
        Assert.Contains("key from the user secrets", report, StringComparison.Ordinal);
        Assert.Contains("acme   https://llm.acme.example/v1  no key", report, StringComparison.Ordinal);
        Assert.Contains("acme/small  (9 tokens)", report, StringComparison.Ordinal);
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] changes)
    {
        var settings = new Dictionary<string, string?>
        {
            ["MeaiRouter:Providers:acme:BaseUrl"] = "https://llm.acme.example/v1",
            ["MeaiRouter:Providers:acme:ApiKey"] = Secret,
            ["MeaiRouter:Providers:idle:BaseUrl"] = "https://idle.example/v1",
            ["MeaiRouter:Providers:local:BaseUrl"] = "http://127.0.0.1/v1",
            ["MeaiRouter:Models:acme/small:ContextLength"] = "131072",
            ["MeaiRouter:Models:acme/small:Endpoints:0:Provider"] = "acme",
            ["MeaiRouter:Models:acme/small:Endpoints:0:Model"] = "small-v1",
            ["MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:Prompt"] = "0.5",
            ["MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:Completion"] = "1.5",
            ["MeaiRouter:Models:acme/small:Endpoints:1:Provider"] = "local",
            ["MeaiRouter:Models:acme/small:Endpoints:1:Model"] = "small",
            ["MeaiRouter:Aliases:fast"] = "acme/small:floor",
            ["MeaiRouter:Routing:Policy:IgnoredProviders:0"] = "nobody",
            ["MeaiRouter:Gateway:Keys:0:Name"] = "team-a",
            ["MeaiRouter:Gateway:Keys:0:Key"] = "sk-something-long",
            ["MeaiRouter:Gateway:Keys:0:LimitUsd"] = "50",
            ["MeaiRouter:Gateway:Keys:0:LimitReset"] = "monthly",
        };
        foreach (var (key, value) in changes)
            settings[key] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }
}
