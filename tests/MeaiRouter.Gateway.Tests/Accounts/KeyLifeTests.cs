using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.Accounts;

/// <summary>A key from its creation to its end, over HTTP.</summary>
public sealed partial class KeyLifeTests : AccountTest
{
    private static readonly string[] Acme = ["acme/*"];
    private static readonly string[] Other = ["other/*"];

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_created_key_works_at_once_and_its_secret_is_shown_once_and_kept_nowhere(bool durable)
    {
        FirstScript.Always(Answer);
        await using var gateway = await (durable ? StartAsync(Ledger) : StartAsync());

        var created = await ManageAsync(gateway, HttpMethod.Post, "/keys", new
        {
            name = "team-b",
            limit = 5.5m,
            limit_reset = "weekly",
            expires_at = "2999-01-01T00:00:00Z",
            requests_per_minute = 30,
            tokens_per_minute = 90_000,
            policy = new { allowed_models = Acme, max_price = new { prompt = 2 } },
            metadata = new { owner = "bob" },
        });

        Assert.Equal(201, created.Status);
        var secret = (string)created.Json["key"]!;
        var hash = (string)created.Json["data"]!["hash"]!;
        Assert.Matches(Secret, secret);
        Assert.Equal(durable ? null : "This key is kept in memory and will be gone when the process ends. Set MeaiRouter:Gateway:Ledger to keep keys.", (string?)created.Json["note"]);
        Assert.Equal(!durable, gateway.Log.Text.Contains("The key 'team-b' is kept in memory", StringComparison.Ordinal));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret))), hash);

        Assert.Equal("Hello there", (await gateway.PostAsync(Hello(streaming: false), secret)).Text);
        var read = await ManageAsync(gateway, HttpMethod.Get, $"/keys/{hash}");
        HttpAnswer.AssertJson(
            $$"""
            { "label": "{{secret[..12]}}...{{secret[^3..]}}", "limit": 5.5, "limit_remaining": {{5.5m - AnswerCost}}, "limit_reserved": 0, "limit_reset": "weekly",
              "include_byok_in_limit": false, "byok_usage": {{(durable ? "0" : "null")}}, "byok_usage_daily": {{(durable ? "0" : "null")}},
              "byok_usage_weekly": {{(durable ? "0" : "null")}}, "byok_usage_monthly": {{(durable ? "0" : "null")}}, "organization_id": null, "workspace_id": "",
              "external_user": null, "allowed_data_regions": ["global"], "free_model_daily_requests": { "used": 0, "limit": -1, "remaining": -1 },
              "usage": {{(durable ? $"{AnswerCost}" : "null")}}, "usage_daily": {{(durable ? $"{AnswerCost}" : "null")}},
              "usage_weekly": {{(durable ? $"{AnswerCost}" : "null")}}, "usage_monthly": {{(durable ? $"{AnswerCost}" : "null")}},
              "is_free_tier": false, "is_management_key": false, "is_provisioning_key": false, "expires_at": "2999-01-01T00:00:00Z", "creator_user_id": null,
              "rate_limit": { "interval": "1m", "requests": 30, "tokens": 90000, "note": "Requests and tokens a minute; -1 is no limit." },
              "hash": "{{hash}}", "name": "team-b", "disabled": false, "source": "api", "metadata": { "owner": "bob" }, "previous_secrets": [],
              "policy": { "zdr": false, "data_collection": "allow", "allowed_models": ["acme/*"], "ignored_models": [], "allowed_providers": [], "ignored_providers": [],
                "max_price": { "prompt": 2, "completion": null, "request": null, "image": null, "audio": null }, "regions": [] } }
            """,
            read.Json["data"]!, "created_at", "updated_at", "limit_resets_at");

        // Whoever holds the key sees the same of it, but for what is the manager's business.
        var own = await OwnAsync(gateway, secret);
        Assert.All(own.AsObject().Where(field => field.Key != "workspace_id"), field => Assert.Equal(read.Json["data"]![field.Key]?.ToJsonString(), field.Value?.ToJsonString()));
        Assert.Null(own["hash"]);

        var list = await ManageAsync(gateway, HttpMethod.Get, "/keys");
        Assert.Equal(["team-a", "team-b"], list.Json["data"]!.AsArray().Select(key => (string)key!["name"]!));
        Assert.DoesNotContain(secret, read.Body + list.Body + own.ToJsonString() + gateway.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(AdminKey, read.Body + list.Body + gateway.Log.Text, StringComparison.Ordinal);
        if (durable)
            Assert.All([secret, AdminKey, Key], text => Assert.DoesNotContain(text, EverythingOnDisk, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changes_hold_for_the_next_request()
    {
        FirstScript.Always(Answer);
        await using var gateway = await StartAsync();
        var (secret, hash) = await CreateAsync(gateway, new { name = "team-b" });
        Task<HttpAnswer> PatchAsync(object body) => ManageAsync(gateway, HttpMethod.Patch, $"/keys/{hash}", body);
        async Task<(int, string?)> AskAsync()
        {
            var answer = await gateway.PostAsync(Hello(streaming: false), secret);
            return (answer.Status, answer.Status == 200 ? null : (string?)answer.Error["message"]);
        }

        Assert.Equal((200, null), await AskAsync());

        Assert.Equal(200, (await PatchAsync(new { disabled = true })).Status);
        Assert.Equal((401, "The key is disabled."), await AskAsync());
        Assert.Equal(["team-a"], Names(await ManageAsync(gateway, HttpMethod.Get, "/keys")));
        Assert.Equal(["team-a", "team-b"], Names(await ManageAsync(gateway, HttpMethod.Get, "/keys?include_disabled=true")));

        await PatchAsync(new { disabled = false, policy = new { allowed_models = Other } });
        Assert.Equal(404, (await AskAsync()).Item1);

        await PatchAsync(new { policy = (object?)null, limit = 0.0001m });
        Assert.Equal(402, (await AskAsync()).Item1);

        await PatchAsync(new { limit = (object?)null, requests_per_minute = 1 });
        Assert.Equal((200, null), await AskAsync());
        Assert.Equal(429, (await AskAsync()).Item1);

        await PatchAsync(new { requests_per_minute = (object?)null, expires_at = "2998-01-01T00:00:00Z" });
        Assert.Equal((200, null), await AskAsync());
        Time.Shift = TimeSpan.FromDays(366 * 1000);
        Assert.Equal((401, "The key has expired."), await AskAsync());
    }

    [Fact]
    public async Task A_deleted_key_admits_nobody_and_is_gone()
    {
        await using var gateway = await StartAsync(Ledger);
        var (secret, hash) = await CreateAsync(gateway, new { name = "team-b" });

        HttpAnswer.AssertJson("""{ "deleted": true }""", (await ManageAsync(gateway, HttpMethod.Delete, $"/keys/{hash}")).Json);

        Assert.Equal((401, "The key is not known here."), await RefusalAsync(gateway, secret));
        Assert.Equal(404, (await ManageAsync(gateway, HttpMethod.Get, $"/keys/{hash}")).Status);
        Assert.Equal(404, (await ManageAsync(gateway, HttpMethod.Delete, $"/keys/{hash}")).Status);
    }

    [Fact]
    public async Task After_a_rotation_both_secrets_admit_until_the_overlap_is_over()
    {
        await using var gateway = await StartAsync(Ledger);
        var (first, hash) = await CreateAsync(gateway, new { name = "team-b" });

        var rotated = await ManageAsync(gateway, HttpMethod.Post, $"/keys/{hash}/rotate", new { overlap_seconds = 60 });
        var second = (string)rotated.Json["key"]!;

        Assert.Equal((200, hash), (rotated.Status, (string?)rotated.Json["data"]!["hash"]));
        Assert.Single(rotated.Json["data"]!["previous_secrets"]!.AsArray());
        Assert.NotEqual(first, second);
        Assert.Equal("team-b", (string?)(await ManageAsync(gateway, HttpMethod.Get, $"/keys/{hash}")).Json["data"]!["name"]);
        await OwnAsync(gateway, first);
        await OwnAsync(gateway, second);

        Time.Shift = TimeSpan.FromSeconds(61);
        Assert.Equal((401, "The key was rotated. Send the new one."), await RefusalAsync(gateway, first));
        await OwnAsync(gateway, second);

        // Without an overlap the old secret is void at once.
        var third = (string)(await ManageAsync(gateway, HttpMethod.Post, $"/keys/{hash}/rotate", new { })).Json["key"]!;
        Assert.Equal((401, "The key was rotated. Send the new one."), await RefusalAsync(gateway, second));
        Assert.Equal((401, "The key is not known here."), await RefusalAsync(gateway, first));
        await OwnAsync(gateway, third);
    }

    [Theory]
    [InlineData("{}", "'name' is missing. Give the key a name of its own.")]
    [InlineData("""{"name":"*"}""", "'name' must be a string of 1 to 100 characters, none of them a control character, and not '*'.")]
    [InlineData("""{"name":"b","limt":1}""", "'limt' is not a field of a key. Did you mean 'limit'?")]
    [InlineData("""{"name":"b","limit":-1}""", "'limit' is -1; it must be an amount of US dollars from 0 to 1000000, or null for no limit.")]
    [InlineData("""{"name":"b","limit_reset":"yearly"}""", "'limit_reset' is 'yearly'; it must be 'daily', 'weekly', 'monthly' or null.")]
    [InlineData("""{"name":"b","expires_at":"2001-01-01"}""", "'expires_at' is '2001-01-01'; it must be a moment in the future, such as 2027-12-31T23:59:59Z, or null.")]
    [InlineData("""{"name":"b","requests_per_minute":0}""", "'requests_per_minute' is 0; it must be a whole number of at least 1, or null.")]
    [InlineData("""{"name":"b","policy":{"allow_models":[]}}""", "'policy.allow_models' is not a field of 'policy'. Did you mean 'allowed_models'?")]
    [InlineData("""{"name":"b","include_byok_in_limit":true}""", "'include_byok_in_limit' must be false: what providers charge to a caller's own keys counts against no limit here.")]
    [InlineData("[]", "The body is an array; it must be an object.")]
    [InlineData("{", "The body is not JSON.")]
    public async Task A_body_that_is_wrong_is_400_and_names_field_value_and_remedy(string body, string says)
    {
        var answer = await Gateway.PostTextAsync(body, AdminKey, "/v1/keys");

        Assert.Equal((400, says), (answer.Status, (string?)answer.Error["message"]));
    }

    [Fact]
    public async Task A_name_is_given_once_and_never_changed()
    {
        await using var gateway = await StartAsync(Ledger);
        var (_, hash) = await CreateAsync(gateway, new { name = "team-b" });

        Assert.Equal(409, (await ManageAsync(gateway, HttpMethod.Post, "/keys", new { name = "TEAM-B" })).Status);
        Assert.Equal(409, (await ManageAsync(gateway, HttpMethod.Post, "/keys", new { name = "team-a" })).Status);
        Assert.Equal(400, (await ManageAsync(gateway, HttpMethod.Patch, $"/keys/{hash}", new { name = "team-c" })).Status);
    }

    [Fact]
    public async Task A_key_of_the_configuration_can_be_read_but_not_changed_over_HTTP()
    {
        var hash = (string)(await ManageAsync(Gateway, HttpMethod.Get, "/keys")).Json["data"]![0]!["hash"]!;

        var read = (await ManageAsync(Gateway, HttpMethod.Get, $"/keys/{hash}")).Json["data"]!;
        Assert.Equal(("team-a", "configuration", "team-a"), ((string?)read["name"], (string?)read["source"], (string?)read["label"]));
        foreach (var (method, path) in new[] { (HttpMethod.Patch, ""), (HttpMethod.Delete, ""), (HttpMethod.Post, "/rotate") })
        {
            var answer = await ManageAsync(Gateway, method, $"/keys/{hash}{path}", new { });
            Assert.Equal((403, "The key 'team-a' comes from the configuration. Change it there."), (answer.Status, (string?)answer.Error["message"]));
        }
    }

    [GeneratedRegex("^sk-mr-v1-[A-Za-z0-9_-]{43}$")]
    private static partial Regex Secret { get; }

    private static IEnumerable<string> Names(HttpAnswer list) => list.Json["data"]!.AsArray().Select(key => (string)key!["name"]!);

    private static async Task<(int, string?)> RefusalAsync(RunningGateway gateway, string key)
    {
        var answer = await gateway.GetAsync("/v1/key", key);
        return (answer.Status, (string?)answer.Error["message"]);
    }
}
