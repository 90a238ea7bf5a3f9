// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/frame.h"

namespace syrinx::measure::html {

std::string_view table_script() noexcept {
  return R"js(
'use strict';
(() => {
  const table = document.getElementById('files');
  if (!table) return;
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const said = document.getElementById('said');

  // What does not exist comes last in either order.
  const compare = (column, direction) => (a, b) => {
    const x = a.cells[column].dataset.sort ?? '', y = b.cells[column].dataset.sort ?? '';
    if (x === '' || y === '') return (x === '') - (y === '');
    const numbers = heads[column].classList.contains('value');
    return direction * (numbers ? Number(x) - Number(y) : x.localeCompare(y));
  };
  heads.forEach((head, column) => {
    const button = head.querySelector('button');
    if (!button) return;
    button.disabled = false;
    button.addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      heads.forEach((other) => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      body.append(...[...body.rows].sort(compare(column, up ? 1 : -1)));
      said.textContent = `Sorted by ${button.textContent}, ${up ? 'ascending' : 'descending'}.`;
    });
  });

  for (const box of document.querySelectorAll('input[data-group]')) {
    box.disabled = false;
    const show = () => heads.forEach((head, column) => {
      if (head.dataset.group !== box.dataset.group) return;
      for (const row of table.rows) row.cells[column].hidden = !box.checked;
    });
    box.addEventListener('change', show);
    show();
  }
})();
)js";
}

}  // namespace syrinx::measure::html
