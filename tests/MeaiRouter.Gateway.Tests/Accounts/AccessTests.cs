using System.Net.Http.Json;
using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.Accounts;

/// <summary>Who may do what: every kind of key against every path.</summary>
public sealed class AccessTests : AccountTest
{
    private const string Disabled = "sk-disabled-0123456789";
    private const string Expired = "sk-expired-0123456789";

    private static readonly (string Method, string Path)[] ForInference = [("POST", "/chat/completions"), ("POST", "/route")];
    private static readonly (string Method, string Path)[] ForManagement =
        [("GET", "/keys"), ("POST", "/keys"), ("GET", "/keys/x"), ("PATCH", "/keys/x"), ("DELETE", "/keys/x"), ("POST", "/keys/x/rotate"), ("GET", "/credits")];

    private static readonly (string Method, string Path)[] ForBoth =
        [("GET", "/key"), ("GET", "/models"), ("GET", "/generation?id=x"), ("GET", "/activity"), ("GET", "/activity/comparison")];

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings)
    {
        ["MeaiRouter:Gateway:Keys:1:Name"] = "disabled",
        ["MeaiRouter:Gateway:Keys:1:Key"] = Disabled,
        ["MeaiRouter:Gateway:Keys:1:Disabled"] = "true",
        ["MeaiRouter:Gateway:Keys:2:Name"] = "expired",
        ["MeaiRouter:Gateway:Keys:2:Key"] = Expired,
        ["MeaiRouter:Gateway:Keys:2:ExpiresAt"] = "2020-01-01",
    };

    [Theory]
    [InlineData(null, "No key was given. Send it as 'Authorization: Bearer KEY'.")]
    [InlineData("sk-nobody-0123456789", "The key is not known here.")]
    [InlineData(Disabled, "The key is disabled.")]
    [InlineData(Expired, "The key has expired.")]
    public async Task What_is_no_valid_key_is_401_everywhere(string? key, string says)
    {
        foreach (var prefix in (string[])["/v1", "/api/v1"])
        {
            foreach (var (method, path) in (IEnumerable<(string, string)>)[.. ForInference, .. ForManagement, .. ForBoth])
            {
                var answer = await SendAsync(method, prefix + path, key);
                Assert.True((401, says) == (answer.Status, (string?)answer.Error["message"]), $"{method} {path}: {answer.Body}");
            }
        }

        Assert.Equal(0, First.RequestCount);
    }

    [Fact]
    public async Task A_key_for_inference_manages_nothing_and_the_management_key_infers_nothing()
    {
        FirstScript.Always(Answer);
        foreach (var (method, path) in ForManagement)
            await AssertForbiddenAsync(method, path, Key, "This key is for inference. Send the management key.");
        foreach (var (method, path) in ForInference)
            await AssertForbiddenAsync(method, path, AdminKey, "The management key cannot be used for inference. Create a key with POST /v1/keys and send that.");
        Assert.Equal(0, First.RequestCount);

        foreach (var key in (string[])[Key, AdminKey])
        {
            foreach (var (method, path) in ForBoth)
                Assert.DoesNotContain((await SendAsync(method, "/v1" + path, key)).Status, (int[])[401, 403]);
        }

        foreach (var (method, path) in ForInference)
            Assert.Equal(200, (await SendAsync(method, "/v1" + path, Key)).Status);
    }

    [Fact]
    public async Task Without_a_management_key_nobody_manages()
    {
        await using var gateway = await StartAsync(("MeaiRouter:Gateway:AdminKey", null));

        var answer = await gateway.GetAsync("/v1/keys");

        Assert.Equal((403, "There is no management key. Set MeaiRouter:Gateway:AdminKey."), (answer.Status, (string?)answer.Error["message"]));
    }

    [Fact]
    public async Task With_a_management_key_alone_the_gateway_is_closed_until_it_creates_a_key()
    {
        FirstScript.Always(Answer);
        await using var gateway = await RunningGateway.StartAsync(
            Configuration().Where(setting => !setting.Key.Contains(":Gateway:", StringComparison.Ordinal)).Append(new("MeaiRouter:Gateway:AdminKey", AdminKey)).ToDictionary());

        Assert.Equal(401, (await gateway.PostAsync(Hello(streaming: false), key: null)).Status);
        var (secret, _) = await CreateAsync(gateway, new { name = "first" });
        Assert.Equal(200, (await gateway.PostAsync(Hello(streaming: false), secret)).Status);
    }

    [Fact]
    public async Task The_management_key_is_told_that_it_is_one()
    {
        var own = await OwnAsync(Gateway, AdminKey);

        HttpAnswer.AssertJson(
            """
            { "label": "management", "limit": null, "limit_remaining": null, "limit_reset": null, "include_byok_in_limit": false, "is_free_tier": false,
              "is_management_key": true, "is_provisioning_key": true, "usage": 0, "usage_daily": 0, "usage_weekly": 0, "usage_monthly": 0,
              "byok_usage": 0, "byok_usage_daily": 0, "byok_usage_weekly": 0, "byok_usage_monthly": 0, "creator_user_id": null, "organization_id": null,
              "workspace_id": null, "allowed_data_regions": ["global"], "free_model_daily_requests": { "used": 0, "limit": -1, "remaining": -1 },
              "expires_at": null, "rate_limit": { "interval": "1m", "requests": -1, "tokens": -1, "note": "Requests and tokens a minute; -1 is no limit." } }
            """, own);
    }

    private async Task AssertForbiddenAsync(string method, string path, string key, string says)
    {
        var answer = await SendAsync(method, "/v1" + path, key);
        Assert.Equal(403, answer.Status);
        HttpAnswer.AssertJson($$"""{ "error": { "code": 403, "message": "{{says}}", "metadata": { "error_type": "permission_denied" } } }""", answer.Json);
    }

    private Task<HttpAnswer> SendAsync(string method, string path, string? key) =>
        Gateway.SendAsync(new HttpMethod(method), path, method is "POST" or "PATCH" ? JsonContent.Create(Hello(streaming: false)) : null, key);
}
