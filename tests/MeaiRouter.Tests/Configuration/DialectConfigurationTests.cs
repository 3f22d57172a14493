using MeaiRouter.Configuration;
using MeaiRouter.Dialects;
using MeaiRouter.OpenAI;

namespace MeaiRouter.Tests.Configuration;

/// <summary>Dialects of the configuration's own, and the parts of known providers' addresses.</summary>
public sealed class DialectConfigurationTests
{
    [Fact]
    public void A_dialect_is_its_base_with_what_it_says_itself()
    {
        var rules = RulesOf("""
            {
              "Dialects": { "house": {
                "Base": "mistral",
                "Parameters": { "temperature": { "Minimum": 0.1, "Maximum": 0.9 }, "top_k": { "IsTaken": true }, "stop": { "MaxCount": 2, "RefusedWhileReasoning": true, "RefusesBlank": true } },
                "Messages": { "System": "OneLeading", "TakesDeveloper": true, "MustAlternate": true, "MustBeginWithUser": true, "UserMayFollowToolResult": true,
                  "TakesEmptyContent": false, "TakesAuthorNames": true, "Prefill": "refused", "PrefillMayEndInSpace": false },
                "Tools": { "MaxCallIdLength": 12, "FixedCallIds": false, "MaxNameLength": 32, "NamesBeginWithLetter": true, "MaxCount": 7, "Choices": ["none", "named"],
                  "ChoicesWhileReasoning": ["none"], "MayBeUsedWithFormat": false, "RefusedSchemaKeywords": ["allOf"], "RefusedTopKeywords": ["anyOf"], "TakesStrict": false,
                  "TakesMediaInResults": true, "SignatureStandIn": "none" },
                "Media": { "Images": { "TakesUrls": false, "TakesInline": true, "MediaTypes": ["image/png"], "MaxBytes": 1000, "MaxCount": 3 }, "Video": { "TakesUrls": false } },
                "Formats": { "TakesJsonObject": false, "TakesJsonSchema": false, "MayBeStreamed": false, "JsonObjectNeedsTheWord": true, "RefusedSchemaKeywords": ["not", "if"] },
                "Reasoning": { "Control": "Budget", "Efforts": ["low", "max"], "IsMandatory": true, "MinBudget": 5, "MaxBudget": 50, "BudgetIsWithinOutput": true,
                  "TakesOtherMembers": true, "ForeignFormats": ["anthropic-claude-v1"], "OwnFormats": ["google-gemini-v1"] },
                "Caching": { "Marks": "LastPart", "MaxBreakpoints": 2, "TakesOneHour": true },
                "Answers": { "ThinkTags": false, "ThinkTagNames": ["thought"], "BeginsThinking": true, "TextToolCalls": ["hermes", "llama"], "FinishReasons": { "enough": "length" } },
                "Spelling": { "MaxCompletionTokens": true, "Reasoning": "ReasoningContent", "Prefill": "Partial", "Schemas": "JsonObject", "Files": "File", "Audio": "DataUri",
                  "AsksForUsage": true, "RequiredToolChoice": "must", "Renames": { "top_k": "sampling.k" },
                  "ReasoningControl": { "Effort": "think.how", "Budget": "think.tokens", "Switch": "think.on", "On": "yes", "Off": "no", "SwitchesOnForBudget": true,
                    "TakesObject": true, "EffortWords": { "xhigh": "max" } } } } },
              "Providers": { "acme": { "Dialect": "HOUSE" } }
            }
            """);

        Assert.Equal("house", rules.Name);
        Assert.Equal("house", rules.Dialect.Name);
        Assert.Equivalent(
            new Dictionary<string, ParameterRule>(Known("mistral").Dialect.Parameters)
            {
                ["temperature"] = new() { Minimum = 0.1, Maximum = 0.9 },
                ["top_k"] = new(),
                ["stop"] = new() { MaxCount = 2, RefusedWhileReasoning = true, RefusesBlank = true },
            },
            rules.Dialect.Parameters.ToDictionary(),
            strict: true);
        Assert.Equal(
            new MessageRules
            {
                System = SystemPlacement.OneLeading, TakesDeveloper = true, MustAlternate = true, MustBeginWithUser = true, UserMayFollowToolResult = true,
                TakesEmptyContent = false, TakesAuthorNames = true, Prefill = PrefillForm.Refused, PrefillMayEndInSpace = false,
            },
            rules.Dialect.Messages);
        Assert.Equivalent(
            new ToolRules
            {
                MaxCallIdLength = 12, FixedCallIds = false, MaxNameLength = 32, NamesBeginWithLetter = true, MaxCount = 7,
                Choices = ToolChoiceForms.None | ToolChoiceForms.Named, ChoicesWhileReasoning = ToolChoiceForms.None, MayBeUsedWithFormat = false,
                RefusedSchemaKeywords = new HashSet<string> { "allOf" }, RefusedTopKeywords = new HashSet<string> { "anyOf" }, TakesStrict = false,
                TakesMediaInResults = true, SignatureStandIn = "none",
            },
            rules.Dialect.Tools);
        Assert.Equivalent(
            new MediaRule { TakesUrls = false, MediaTypes = ["image/png"], MaxBytes = 1_000, MaxCount = 3 }, rules.Dialect.Media.Images, strict: true);
        Assert.Equal((MediaRule.Any, false), (rules.Dialect.Media.Files, rules.Dialect.Media.Video.TakesUrls));
        Assert.Equivalent(
            new FormatRules
            {
                TakesJsonObject = false, TakesJsonSchema = false, MayBeStreamed = false, JsonObjectNeedsTheWord = true, RefusedSchemaKeywords = new HashSet<string> { "not", "if" },
            },
            rules.Dialect.Formats);
        Assert.Equivalent(
            new ReasoningRules
            {
                Control = ReasoningControl.Budget, Efforts = ["low", "max"], IsMandatory = true, MinBudget = 5, MaxBudget = 50, BudgetIsWithinOutput = true,
                ForeignFormats = ["anthropic-claude-v1"], OwnFormats = ["google-gemini-v1"],
            },
            rules.Dialect.Reasoning,
            strict: true);
        Assert.Equal(new CacheRules { Marks = CacheMarks.LastPart, MaxBreakpoints = 2, TakesOneHour = true }, rules.Dialect.Caching);
        var answers = rules.Dialect.Answers;
        Assert.Equal((false, true, TextToolCalls.Hermes | TextToolCalls.Llama), (answers.ThinkTags, answers.BeginsThinking, answers.TextToolCalls));
        Assert.Equal(["thought"], answers.ThinkTagNames);
        Assert.Equal("length", answers.FinishReasons["ENOUGH"]);

        var spelling = rules.Spelling;
        Assert.Equal(
            (true, ReasoningSpelling.ReasoningContent, PrefillSpelling.Partial, SchemaSpelling.JsonObject, FileSpelling.File, AudioSpelling.DataUri, true, "must"),
            (spelling.MaxCompletionTokens, spelling.Reasoning, spelling.Prefill, spelling.Schemas, spelling.Files, spelling.Audio, spelling.AsksForUsage, spelling.RequiredToolChoice));
        Assert.Equal("sampling.k", Assert.Single(spelling.Renames).Value);
        var control = spelling.ReasoningControl;
        Assert.Equal(
            ("think.how", "think.tokens", "think.on", "yes", "no", true, true, "max"),
            (control.Effort, control.Budget, control.Switch, control.On, control.Off, control.SwitchesOnForBudget, control.TakesObject, control.EffortWords["xhigh"]));
    }

    [Fact]
    public void What_a_dialect_says_holds_for_every_model_and_its_own_variations_go_first()
    {
        var rules = RulesOf("""
            {
              "Dialects": {
                "second": { "Base": "first", "Models": [ { "Patterns": ["o3*"], "Tools": { "MaxCount": 3 } } ] },
                "first": { "Base": "openai", "Tools": { "MaxCount": 9 } } },
              "Providers": { "acme": { "Dialect": "second" } }
            }
            """);

        Assert.Equal((9, ReasoningControl.None), (rules.Dialect.Tools.MaxCount, rules.Dialect.Reasoning.Control));
        Assert.Equal((9, ReasoningControl.Effort), (rules.Dialect.For("gpt-5").Tools.MaxCount, rules.Dialect.For("gpt-5").Reasoning.Control));
        Assert.Equal((3, ReasoningControl.None), (rules.Dialect.For("o3").Tools.MaxCount, rules.Dialect.For("o3").Reasoning.Control));
        Assert.Equal("second", rules.Dialect.For("gpt-5").Name);
        Assert.True(rules.Spelling.MaxCompletionTokens);
    }

    [Fact]
    public void A_dialect_without_a_base_begins_with_the_common_wire()
    {
        var rules = RulesOf("""{ "Dialects": { "plain": { "Messages": { "TakesDeveloper": true } } }, "Providers": { "acme": { "Dialect": "plain" } } }""");

        Assert.Equal(new Dialect("plain") { Messages = new() { TakesDeveloper = true } } with { Models = rules.Dialect.Models }, rules.Dialect);
        Assert.Empty(rules.Dialect.Models);
    }

    [Fact]
    public void An_endpoint_s_own_dialect_is_both_what_it_takes_and_how_it_is_spelt()
    {
        var configuration = Read("""
            {
              "Dialects": { "house": { "Base": "openai", "Tools": { "MaxCount": 2 } } },
              "Models": { "acme/large": { "Endpoints": [ { "Provider": "acme", "Model": "gpt-5", "Dialect": "house" } ] } }
            }
            """);

        var endpoint = configuration.Catalog.Find("acme/large")!.Endpoints[0];
        Assert.Equal((2, ReasoningControl.Effort), (endpoint.Dialect.Tools.MaxCount, endpoint.Dialect.Reasoning.Control));
        var spelling = configuration.Providers["acme"].Spelling;
        Assert.Equal((true, false), (spelling.For("gpt-5").MaxCompletionTokens, spelling.For("small-v1").MaxCompletionTokens));
    }

    [Theory]
    [InlineData("""{ "Dialects": { "openai": {} } }""", "Dialects:openai: 'openai' is the dialect of a known provider. Choose another name, with 'openai' as its Base.")]
    [InlineData("""{ "Dialects": { "a": { "Base": "mistrl" } } }""", "Dialects:a:Base: 'mistrl' is not a dialect. Did you mean 'mistral'?")]
    [InlineData("""{ "Dialects": { "a": { "Base": "b" }, "b": { "Base": "a" } } }""", "Dialects:b:Base: 'a' rests on this dialect itself.")]
    [InlineData("""{ "Dialects": { "a": { "Mesages": { "TakesDeveloper": true } } } }""", "Dialects:a:Mesages: 'Mesages' is not a setting. Did you mean 'Messages'?")]
    [InlineData("""{ "Dialects": { "a": { "Messages": { "TakesDevloper": true } } } }""", "Dialects:a:Messages:TakesDevloper: 'TakesDevloper' is not a setting. Did you mean 'TakesDeveloper'?")]
    [InlineData("""{ "Dialects": { "a": { "Messages": { "System": "first" } } } }""", "Dialects:a:Messages:System: 'first' is not one of anywhere, leading, oneleading, nowhere.")]
    [InlineData("""{ "Dialects": { "a": { "Parameters": { "temprature": { "IsTaken": false } } } } }""", "Dialects:a:Parameters:temprature: 'temprature' is not a parameter. Did you mean 'temperature'?")]
    [InlineData("""{ "Dialects": { "a": { "Parameters": { "top_p": { "Minimum": 1, "Maximum": 0 } } } } }""", "Dialects:a:Parameters:top_p:Minimum: is greater than Maximum.")]
    [InlineData("""{ "Dialects": { "a": { "Tools": { "Choices": ["nane"] } } } }""", "Dialects:a:Tools:Choices: 'nane' is unknown. Did you mean 'none' or 'named'?")]
    [InlineData("""{ "Dialects": { "a": { "Reasoning": { "MinBudget": 9, "MaxBudget": 8 } } } }""", "Dialects:a:Reasoning:MinBudget: is greater than MaxBudget.")]
    [InlineData("""{ "Dialects": { "a": { "Answers": { "FinishReasons": { "x": "lenth" } } } } }""", "Dialects:a:Answers:FinishReasons:x: 'lenth' is unknown. Did you mean 'length'?")]
    [InlineData("""{ "Dialects": { "a": { "Models": [ { "Tools": { "MaxCount": 1 } } ] } } }""", "Dialects:a:Models:0:Patterns: is missing. Give ids of models, with * for any run of characters, such as [\"large-*\"].")]
    [InlineData("""{ "Dialects": { "a": { "Spelling": { "Prefill": "front" } } } }""", "Dialects:a:Spelling:Prefill: 'front' is not one of prefix, partial, continuefinalmessage.")]
    [InlineData("""{ "Providers": { "acme": { "KeyHeader": "x api" } } }""", "Providers:acme:KeyHeader: cannot be the name of an HTTP header. Give one such as Authorization or x-api-key.")]
    [InlineData("""{ "Providers": { "azure": { "ApiKey": "k" } } }""", "Providers:azure:Resource: is missing. Set it, or the environment variable AZURE_RESOURCE_NAME or AZURE_OPENAI_RESOURCE.")]
    [InlineData("""{ "Providers": { "azure": { "Resource": "a/b" , "ApiKey": "k" } } }""", "Providers:azure:Resource: can hold only letters, digits, '-', '_' and '.'.")]
    [InlineData("""{ "Providers": { "bedrock": { "Region": "eu-west-1" } } }""", "Providers:bedrock:ApiKey: is missing. Set it, or the environment variable AWS_BEARER_TOKEN_BEDROCK.")]
    public void A_mistake_is_named_with_its_path(string mistake, string error) => Assert.Equal(
        ["MeaiRouter:" + error], Assert.Throws<MeaiRouterConfigurationException>(() => Read(mistake)).Errors);

    [Fact]
    public void A_part_beside_an_address_of_one_s_own_would_do_nothing_and_is_refused()
    {
        var failure = Assert.Throws<MeaiRouterConfigurationException>(
            () => Read("""{ "Providers": { "azure": { "BaseUrl": "https://a.example/v1", "Resource": "r", "ApiKey": "k" } } }"""));

        Assert.StartsWith("MeaiRouter:Providers:azure:Resource: 'Resource' is not a setting.", Assert.Single(failure.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "azure": { "Resource": "res", "ApiKey": "k" } }""", "azure", "https://res.openai.azure.com/openai/v1", "k", "api-key")]
    [InlineData("""{ "azure": {} }""", "azure", "https://of-AZURE_RESOURCE_NAME.openai.azure.com/openai/v1", "of-AZURE_OPENAI_API_KEY", "api-key")]
    [InlineData("""{ "mine": { "Type": "bedrock", "Region": "eu-west-1" } }""", "mine", "https://bedrock-runtime.eu-west-1.amazonaws.com/openai/v1", "of-AWS_BEARER_TOKEN_BEDROCK", "Authorization")]
    [InlineData("""{ "cloudflare": { "Account": "a1", "ApiKey": "k" } }""", "cloudflare", "https://api.cloudflare.com/client/v4/accounts/a1/ai/v1", "k", "Authorization")]
    [InlineData("""{ "azure": { "BaseUrl": "https://proxy.example/v1", "ApiKey": "k", "KeyHeader": "x-api-key" } }""", "azure", "https://proxy.example/v1", "k", "x-api-key")]
    public void The_parts_of_an_address_come_from_the_configuration_or_the_environment(string providers, string name, string address, string key, string header)
    {
        var provider = Read($$"""{ "Providers": {{providers}} }""", static variable => "of-" + variable).Providers[name];

        Assert.Equal((new Uri(address), key, header), (provider.BaseUrl, Assert.Single(provider.ApiKeys), provider.KeyHeader));
    }

    private static ProviderRules RulesOf(string configuration) => Read(configuration).Providers["acme"].Traits.Rules!;

    private static RouterConfiguration Read(string layer, Func<string, string?>? environmentVariable = null) =>
        RouterConfiguration.Read(Json.Section(Json.Smallest, layer), environmentVariable ?? (static _ => null));

    private static KnownProvider Known(string name) => KnownProviders.TryGet(name, out var known) ? known : throw new ArgumentException("not known", nameof(name));
}
