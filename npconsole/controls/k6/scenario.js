// The built-in scenario: a mix of calls, each with its own chance in every iteration, and time to think after it.
// What it sends and how much is in load.json beside it; what it must not write down comes in the environment.

import http from 'k6/http';
import exec from 'k6/execution';
import { randomSeed, sleep } from 'k6';

const load = JSON.parse(open('./load.json'));
let seeded = false;

// Credentials go to the address they are meant for: redirects are not followed.
function parameters(name, headers, more) {
  return Object.assign({ tags: { name }, headers, timeout: load.timeout, redirects: 0 }, more);
}

export function setup() {
  if (!load.login) {
    return { token: __ENV.NPCONSOLE_TOKEN || '' };
  }
  const body = JSON.stringify({ email: __ENV.NPCONSOLE_EMAIL, password: __ENV.NPCONSOLE_PASSWORD });
  const headers = { 'Content-Type': 'application/json' };
  const answer = http.post(load.login, body, parameters('login', headers, { responseType: 'text' }));
  let token = '';
  try {
    token = answer.status >= 200 && answer.status < 300 ? answer.json('token') : '';
  } catch (_) {
    token = '';
  }
  if (!token) {
    exec.test.abort(`the login answered ${answer.status || answer.error} and gave no token`);
  }
  return { token };
}

export default function (data) {
  if (!seeded) {
    // Each user draws the same numbers in every run, so that two runs send the same.
    randomSeed(load.seed + exec.vu.idInTest);
    seeded = true;
  }
  for (const call of load.calls) {
    if (Math.random() < call.chance) {
      http.get(call.url, parameters(call.name, call.login ? { Authorization: `Bearer ${data.token}` } : {}));
    }
  }
  if (load.think_s > 0) {
    sleep(load.think_s * (0.5 + Math.random()));
  }
}
